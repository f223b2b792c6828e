"""Why a whole file is refused. A bad row is data (a reject); a file that cannot be read for certain is an error."""


class ImportRefusedError(Exception):
    """Nothing of the file was taken; the text says what is wrong and what to do."""


class ImportUsageError(ImportRefusedError):
    """The request does not fit the file: an unknown kind, field, column or sheet."""
