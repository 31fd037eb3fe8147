"""Sentences about faults of this machine and of the network, from the codes and data of an event.

Each is explained here and nowhere else. The findings, the doctor, the screen and the command line take their words from here.
"""
