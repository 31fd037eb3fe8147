"""The AIRisk server of the sandbox: its endpoints and its faults."""
