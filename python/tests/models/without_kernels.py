"""A model that is called and not evaluated, for measuring what Python and its host cost."""

import mlx.core as mx
from akidb_mlx import host
from akidb_mlx.mlx_inference import MLXEmbeddingModel


class Model(MLXEmbeddingModel):
    """Builds the graph of each call, as a real one does, and answers with zeros instead of having MLX's kernels run it."""

    def __init__(self, model_path, compile_forward=None):
        super().__init__(model_path, compile_forward)
        self._zeros = mx.zeros((1, self.dimension))
        mx.eval(self._zeros)

    def encode_padded(self, ids, lengths, width, pooling):
        self._build(ids, lengths, width, pooling)
        return self._zeros


class Worker(host.Worker):
    """The host's door to it, for one text a call."""

    def __init__(self, model_path, compile_forward=None):
        super().__init__(model_path, compile_forward)
        self._model = Model(model_path, compile_forward)
