"""What a person does with recordings: opening, checking, exporting, importing, serving one."""
