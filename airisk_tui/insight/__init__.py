"""Why a run failed and what to change, pure: the state of a run in, findings out."""
