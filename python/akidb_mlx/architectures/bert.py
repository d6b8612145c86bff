"""BERT encoders such as MiniLM. The modules are named as in the checkpoints, so weights need no map."""

import mlx.core as mx
import mlx.nn as nn

ACTIVATIONS = {"gelu": nn.gelu, "gelu_new": nn.gelu_approx, "relu": nn.relu, "silu": nn.silu}


class Embeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], width)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        self.token_type_embeddings = nn.Embedding(config.get("type_vocab_size", 2), width)
        self.LayerNorm = nn.LayerNorm(width, eps=config.get("layer_norm_eps", 1e-12))

    def __call__(self, ids):
        # One segment: every token is of type 0.
        kind = self.token_type_embeddings(mx.zeros((1, 1), mx.int32))
        place = self.position_embeddings(mx.arange(ids.shape[1])[None])
        return self.LayerNorm(self.word_embeddings(ids) + kind + place)


class SelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self._heads = config["num_attention_heads"]
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)

    def __call__(self, x, mask):
        queries, keys, values = (self._split(layer(x)) for layer in (self.query, self.key, self.value))
        scale = queries.shape[-1] ** -0.5
        seen = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=scale, mask=mask)
        return seen.transpose(0, 2, 1, 3).reshape(x.shape)

    def _split(self, x):
        texts, length, _ = x.shape
        return x.reshape(texts, length, self._heads, -1).transpose(0, 2, 1, 3)


class Output(nn.Module):
    """A layer whose result is added to what came before, then normalised."""

    def __init__(self, inputs, config):
        super().__init__()
        self.dense = nn.Linear(inputs, config["hidden_size"])
        self.LayerNorm = nn.LayerNorm(config["hidden_size"], eps=config.get("layer_norm_eps", 1e-12))

    def __call__(self, x, before):
        return self.LayerNorm(self.dense(x) + before)


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self = SelfAttention(config)
        self.output = Output(config["hidden_size"], config)

    def __call__(self, x, mask):
        return self.output(self.self(x, mask), x)


class Intermediate(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config["hidden_size"], config["intermediate_size"])
        self._activation = ACTIVATIONS[config.get("hidden_act", "gelu")]

    def __call__(self, x):
        return self._activation(self.dense(x))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = Attention(config)
        self.intermediate = Intermediate(config)
        self.output = Output(config["intermediate_size"], config)

    def __call__(self, x, mask):
        x = self.attention(x, mask)
        return self.output(self.intermediate(x), x)


class Layers(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layer = [Layer(config) for _ in range(config["num_hidden_layers"])]

    def __call__(self, x, mask):
        for layer in self.layer:
            x = layer(x, mask)
        return x


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Layers(config)
        self._dimension = config["hidden_size"]
        self._vocabulary = config["vocab_size"]

    @property
    def dimension(self):
        return self._dimension

    @property
    def vocabulary(self):
        return self._vocabulary

    def __call__(self, ids, lengths):
        own = mx.arange(ids.shape[1])[None] < lengths[:, None]
        return self.encoder(self.embeddings(ids), own[:, None, None, :])

    def head(self, pooled):
        return pooled

    def sanitize(self, weights):
        """The pooler serves another task; old checkpoints also store the positions' numbers."""
        named = {name.removeprefix("bert."): value for name, value in weights.items()}
        unused = ("pooler.", "cls.", "embeddings.position_ids")
        return {name: value for name, value in named.items() if not name.startswith(unused)}

    def extra_weights(self, folder):
        return {}
