"""The reasons why a run failed, and what to change: findings, derived from the state of a run without I/O."""
