"""What a fault of this machine or of the network means and what to do, each told once: from the codes and data of an event to
sentences. The findings, the doctor, the screen and the narration of the command line all take theirs from here.
"""
