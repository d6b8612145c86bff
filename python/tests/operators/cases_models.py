"""What models are made of: products, quantisation, attention, norms, random numbers, files."""

import os
import tempfile

from .cases import attempt, case
from .samples import ALL, FLOATS, sample


@case("products")
def products(mx):
    result = {}
    for dtype in FLOATS:
        a, b = sample(mx, (5, 7), dtype, "a"), sample(mx, (7, 3), dtype, "b")
        batch = sample(mx, (2, 4, 5, 7), dtype, "c")
        result[dtype] = {
            "matmul": [a @ b, mx.matmul(batch, b), a[0] @ b, a @ b[:, 0], b.T @ a.T, batch @ batch.swapaxes(-1, -2)],
            "addmm": [mx.addmm(a[:, :3], a, b), mx.addmm(b[:1], a, b, alpha=0.5, beta=2.0)],
            "einsum": [mx.einsum("ij,jk->ik", a, b), mx.einsum("abij->ba", batch)],
            "outer": mx.outer(a[0], b[0]),
            "inner": mx.inner(a, a),
            "tensordot": [mx.tensordot(a, b, 1), mx.tensordot(a, b, [[1], [0]])],
            "vecdot": mx.vecdot(a, a),
            "kron": mx.kron(a[:2, :2], b[:2, :2]),
            "gather": gathered_product(mx, batch),
        }
    result["integers"] = attempt(mx.matmul, mx.ones((2, 2), mx.int32), mx.ones((2, 2), mx.int32))
    result["mismatch"] = attempt(mx.matmul, mx.ones((2, 3)), mx.ones((2, 3)))
    result["empty"] = mx.ones((3, 0)) @ mx.ones((0, 2))
    return result


def gathered_product(mx, batch):
    def run():
        product = mx.gather_mm(batch[0], batch[1].swapaxes(-1, -2), mx.array([0, 3]), mx.array([1, 2]))
        mx.eval(product)
        return product

    return attempt(run)


@case("convolutions")
def convolutions(mx):
    image, line = sample(mx, (2, 8, 9, 3)), sample(mx, (2, 12, 4))
    return {
        "1d": [mx.conv1d(line, sample(mx, (5, 3, 4)), stride=2, padding=1), mx.conv1d(line, sample(mx, (4, 3, 1)), groups=4)],
        "2d": mx.conv2d(image, sample(mx, (4, 3, 3, 3)), stride=(1, 2), padding=1),
        "transposed": mx.conv_transpose1d(line, sample(mx, (5, 3, 4)), stride=2),
        "general": mx.conv_general(image, sample(mx, (4, 3, 3, 3)), padding=([1, 0], [0, 1])),
    }


@case("quantisation")
def quantisation(mx):
    result = {}
    for dtype in FLOATS:
        w, x = sample(mx, (64, 256), dtype, "w"), sample(mx, (5, 256), dtype, "x")
        for bits in (2, 3, 4, 6, 8):
            for group in (32, 64, 128):
                parts = mx.quantize(w, group_size=group, bits=bits)
                result[f"{dtype} {bits} {group}"] = [
                    *parts,
                    mx.dequantize(*parts, group_size=group, bits=bits),
                    mx.quantized_matmul(x, *parts, transpose=True, group_size=group, bits=bits),
                ]
        for mode in ("mxfp4", "mxfp8", "nvfp4"):
            parts = attempt(mx.quantize, w, mode=mode)
            result[f"{dtype} {mode}"] = parts
            if not isinstance(parts, str):
                result[f"{dtype} {mode} back"] = attempt(mx.dequantize, *parts, mode=mode)
    result["refused"] = [attempt(mx.quantize, mx.ones((3, 5))), attempt(mx.quantize, mx.ones((64, 64)), bits=9)]
    return result


@case("norms")
def norms(mx):
    result = {}
    for dtype in FLOATS:
        x, w, b = sample(mx, (3, 4, 96), dtype), sample(mx, (96,), dtype, "w"), sample(mx, (96,), dtype, "b")
        result[dtype] = [
            mx.fast.rms_norm(x, w, 1e-6), mx.fast.rms_norm(x, None, 1e-6), mx.fast.layer_norm(x, w, b, 1e-5),
            mx.fast.layer_norm(x, None, None, 1e-5), mx.linalg.norm(x, axis=-1), mx.linalg.norm(x, axis=-1, keepdims=True),
            mx.linalg.norm(x[0]), mx.linalg.norm(x, 1, axis=2), mx.linalg.norm(x[0], "fro"),
        ]
    return result


@case("rotary positions")
def rope(mx):
    result = {}
    for dtype in FLOATS:
        x = sample(mx, (2, 3, 5, 64), dtype)
        for traditional in (False, True):
            for offset in (0, 7, mx.array([1, 3])):
                result[f"{dtype} {traditional} {offset}"] = mx.fast.rope(
                    x, 64, traditional=traditional, base=1e6, scale=1.0, offset=offset
                )
        result[f"{dtype} freqs"] = mx.fast.rope(
            x, 32, traditional=False, base=None, scale=0.5, offset=0, freqs=mx.arange(1, 17).astype(mx.float32)
        )
    return result


@case("attention")
def attention(mx):
    result = {}
    for dtype in FLOATS:
        q, k, v = (sample(mx, (2, heads, 9, 64), dtype, heads) for heads in (4, 2, 1))
        v = mx.concatenate([v, v * 2], axis=1)
        attend = mx.fast.scaled_dot_product_attention
        keep = mx.arange(9)[None, None, None] < mx.array([5, 9])[:, None, None, None]
        result[dtype] = [
            attend(q, k, v, scale=0.125), attend(q, k, v, scale=0.125, mask="causal"), attend(q, k, v, scale=0.125, mask=keep),
            attend(q, k, v, scale=1.0, mask=mx.where(keep, 0, -1e4).astype(q.dtype)), attempt(attend, q, k, v, scale=1.0, mask="other"),
        ]
    return result


@case("random numbers")
def random_numbers(mx):
    mx.random.seed(42)
    key = mx.random.key(7)
    result = {"default": [mx.random.uniform(shape=(5,)) for _ in range(3)], "split": mx.random.split(key, 3)}
    for dtype in FLOATS:
        kind = getattr(mx, dtype)
        result[dtype] = [
            mx.random.uniform(-1, 1, (7,), kind, key), mx.random.normal((3, 3), kind, key=key), mx.random.normal((3,), kind, 1.5, 0.5, key),
            mx.random.truncated_normal(-1.0, 1.0, (5,), kind, key), mx.random.gumbel((4,), kind, key), mx.random.laplace((4,), kind, key=key),
        ]
    result["discrete"] = [
        mx.random.randint(0, 100, (6,), key=key), mx.random.randint(-5, 5, (6,), mx.int8, key), mx.random.bernoulli(0.3, (8,), key),
        mx.random.bernoulli(mx.array([0.1, 0.9]), key=key), mx.random.permutation(9, key=key),
        mx.random.permutation(mx.arange(12).reshape(4, 3), axis=1, key=key), mx.random.categorical(mx.ones((4, 5)), key=key),
    ]
    return result


@case("files")
def files(mx):
    arrays = {dtype: sample(mx, (3, 5), dtype) for dtype in ALL}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.safetensors")
        mx.save_safetensors(path, arrays, {"format": "mlx"})
        loaded, metadata = mx.load(path, return_metadata=True)
        mx.save(os.path.join(folder, "one"), arrays["float32"])
        one = mx.load(os.path.join(folder, "one.npy"))
        mx.eval(loaded, one)
        absent = attempt(mx.load, os.path.join(folder, "absent.safetensors"))
        with open(os.path.join(folder, "cut.safetensors"), "wb") as cut, open(path, "rb") as whole:
            cut.write(whole.read()[:200])
        damaged = attempt(lambda: mx.eval(mx.load(os.path.join(folder, "cut.safetensors"))))
    return [sorted(loaded.items()), metadata, one, absent, damaged]


@case("types")
def types(mx):
    names = [*ALL, "complex64", "float64"]
    kinds = "complexfloating floating inexact signedinteger unsignedinteger integer number generic".split()
    return {
        "issubdtype": [mx.issubdtype(getattr(mx, a), getattr(mx, b)) for a in [*names, *kinds] for b in [*names, *kinds]],
        "result": [str(mx.result_type(getattr(mx, a), getattr(mx, b))) for a in names for b in names],
        "finfo": [[getattr(mx.finfo(getattr(mx, d)), f) for f in ("min", "max", "eps", "bits")] for d in [*FLOATS, "float64"]],
        "iinfo": [[mx.iinfo(getattr(mx, d)).min, mx.iinfo(getattr(mx, d)).max] for d in ("int8", "uint32", "int64")],
        "repr": [repr(mx.float32), repr(mx.Device(mx.cpu)), repr(mx.default_stream(mx.cpu))],
        "equal": [mx.float32 == mx.float32, mx.float32 == mx.int8, mx.float32 == "x", mx.default_device() == mx.cpu],
    }


@case("trees")
def trees(mx):
    a = mx.ones(3) + 1
    mx.eval(a, [a * 2, {"x": (a * 3, None, "text")}], 5)
    mx.async_eval(a * 4)
    mx.synchronize()
    return [a, mx.depends(a, [a * 2]), mx.depends([a, a], a)]


@case("compiled functions")
def compiled(mx):
    state = {"count": mx.array(0.0)}

    def step(x, scale=1.0, parts=None):
        state["count"] = state["count"] + x.sum()
        first, second = mx.split(x, 2)
        return {"a": first * scale, "b": [second, (x.T if parts is None else parts[0] @ x)]}

    kept = mx.compile(step, inputs=state, outputs=state)
    x = sample(mx, (4, 4))
    result = [kept(x), kept(x, scale=2.0), kept(x[:2]), kept(x, parts=[x]), kept(x.astype(mx.float16)), state["count"]]
    plain = mx.compile(lambda a, b: (a + b, a * b, mx.exp(a)))
    result += [plain(x, x), plain(x, x.T), plain(x[:0], x[:0])]
    return result
