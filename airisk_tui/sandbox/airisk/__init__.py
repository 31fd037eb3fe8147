"""The sandbox's AIRisk server: its endpoints and the faults that it plays."""
