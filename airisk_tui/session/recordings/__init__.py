"""The actions on recordings: opening, checking, exporting, importing, and answering as one did."""
