"""Words and quotations for the sentences about a run."""
