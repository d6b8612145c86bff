"""What can go wrong, in words for the person who has to mend it."""


class EmbeddingError(Exception):
    """Any failure of this package."""


class ConfigurationError(EmbeddingError):
    """A setting is wrong; the message names its key."""


class ModelNotCached(EmbeddingError):
    """The model is not on this machine and may not be downloaded."""

    def __init__(self, model_name):
        super().__init__(f"Model '{model_name}' not cached")


class UnknownModel(EmbeddingError):
    """Nobody registered a model of that name."""


class UnsupportedModel(EmbeddingError):
    """The model is of a kind that cannot run here."""


class DamagedModel(EmbeddingError):
    """A file of the model is missing, cut short, or does not fit the others."""


class NotEnoughMemory(EmbeddingError):
    """The weights are larger than the free memory."""
