"""The findings: the sentence, the fix, the evidence."""
