"""The log on disk: sealing, codec, format, library, replay, and other tools' formats in and out. Pure but for files."""
