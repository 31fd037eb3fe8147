"""What a fault of this machine or of the network means, and what to do about it: from the codes and data of an event to sentences.

Each is explained here and nowhere else. The findings, the doctor, the screen and the command line take their words from here.
"""
