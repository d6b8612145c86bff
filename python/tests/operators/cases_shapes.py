"""Operations on shapes, positions and order."""

from .cases import attempt, case
from .samples import ALL, layouts, sample


@case("reshaping")
def reshaping(mx):
    result = {}
    for key, value in layouts(mx, "int32").items():
        result[key] = {
            "flat": attempt(mx.reshape, value, (-1,)),
            "reshape method": attempt(value.reshape, -1, 1),
            "flatten": mx.flatten(value),
            "T": value.T,
            "transpose": attempt(value.transpose, *reversed(range(value.ndim))),
            "expand": mx.expand_dims(value, (0, -1)),
            "squeeze": mx.squeeze(mx.expand_dims(value, 0), 0),
            "squeeze all": mx.squeeze(value),
            "flip": attempt(mx.flip, value),
            "contiguous": mx.contiguous(value),
            "mT": attempt(lambda v=value: v.mT),
            "list": value.tolist(),
        }
    cube = sample(mx, (2, 3, 4), "int32")
    result["swap"] = mx.swapaxes(cube, 0, 2)
    result["move"] = mx.moveaxis(cube, 0, -1)
    result["unflatten"] = mx.unflatten(cube, 2, (2, -1))
    result["flatten part"] = mx.flatten(cube, 1, 2)
    result["bad reshape"] = attempt(mx.reshape, cube, (5, 5))
    result["bad axis"] = attempt(mx.swapaxes, cube, 0, 7)
    result["strided"] = mx.as_strided(cube, (3, 2), (1, 3), 2)
    result["permute"] = mx.permute_dims(cube, (2, 0, 1))
    return result


@case("joining and cutting")
def joining(mx):
    a, b = sample(mx, (3, 4), "float32", 1), sample(mx, (3, 4), "float16", 2)
    return {
        "concatenate": mx.concatenate([a, b], axis=1),
        "concatenate flat": mx.concatenate([a, b], axis=None),
        "concatenate bad": attempt(mx.concatenate, [a, a[:, :1]], axis=0),
        "stack": mx.stack([a, b], axis=-1),
        "split": mx.split(a, 2, axis=1),
        "split at": a.split([1, 2], axis=0),
        "split bad": attempt(mx.split, a, 5),
        "unstack": mx.unstack(a, axis=1),
        "tile": mx.tile(a, (2, 1, 3)),
        "repeat": mx.repeat(a, 2, axis=0),
        "repeat flat": mx.repeat(a, 2),
        "roll": mx.roll(a, 1),
        "roll axis": mx.roll(a, -2, axis=1),
        "roll axes": mx.roll(a, (1, 2), (0, 1)),
        "pad": mx.pad(a, 1),
        "pad sides": mx.pad(a, (1, 2)),
        "pad axes": mx.pad(a, ((0, 1), (2, 0)), constant_values=7.5),
        "pad edge": mx.pad(a, 1, mode="edge"),
        "meshgrid": mx.meshgrid(a[0], a[:, 0]),
        "broadcast arrays": mx.broadcast_arrays(a[:, :1], a[:1]),
        "broadcast to": mx.broadcast_to(3, (2, 2)),
        "broadcast shapes": mx.broadcast_shapes((1, 3), (2, 1)),
        "atleast": [mx.atleast_1d(a[0, 0]), mx.atleast_2d(a[0]), mx.atleast_3d(a)],
    }


@case("creation")
def creation(mx):
    return {
        "zeros": [mx.zeros(3), mx.zeros((2, 0)), mx.zeros([], mx.int8), mx.zeros((2,), dtype=mx.bfloat16)],
        "ones": [mx.ones((2, 3)), mx.ones(2, mx.bool_)],
        "full": [mx.full((2,), 3), mx.full(2, 2.5), mx.full((2, 2), mx.array([1, 2])), mx.full(2, 1, mx.float16)],
        "like": [mx.zeros_like(mx.ones(2, mx.int16)), mx.ones_like(mx.zeros((2, 2), mx.float16))],
        "arange": [mx.arange(5), mx.arange(2, 9, 3), mx.arange(0.5, 2), mx.arange(5, 0, -2), mx.arange(0),
                   mx.arange(3, dtype=mx.float16), mx.arange(2**33, 2**33 + 3), mx.arange(0, 1, 0.3)],
        "linspace": [mx.linspace(0, 1), mx.linspace(2, 3, 5), mx.linspace(0, 10, 4, dtype=mx.int32),
                     mx.linspace(0, 1, 4, endpoint=False)],
        "eye": [mx.eye(3), mx.eye(2, 4, 1), mx.identity(2, mx.int32)],
        "tri": [mx.tri(3), mx.tri(2, 3, 1, mx.int8), mx.tril(mx.ones((3, 3))), mx.triu(mx.ones((3, 3)), k=1)],
        "diag": [mx.diag(mx.arange(3)), mx.diag(mx.ones((3, 3)), k=1), mx.diagonal(mx.arange(9).reshape(3, 3), 1)],
        "trace": [mx.trace(mx.arange(9).reshape(3, 3)), mx.trace(mx.eye(3), 1)],
    }


@case("arrays from Python")
def from_python(mx):
    values = [1, 1.5, True, 2**40, -(2**40), 1j, [], [[]], [[], []], [1, 2.5], [True, 2], [[1, 2], [3, 4]],
              (1, 2), [[1], [2, 3]], [1, [2]], [[1], 2], "a", [1, "a"], None, [None], range(3), b"abc", bytearray(b"xy"),
              memoryview(b"abc"), [2**31], [2**63], [0.1, True], [1, 2j], {"a": 1}]
    result = {f"{number} {type(value).__name__}": attempt(mx.array, value) for number, value in enumerate(values)}
    for dtype in ALL:
        kind = getattr(mx, dtype)
        for value in ([1, 2], [1.7, -1.7], [True], 300, 3.9, -1, [[1.5]]):
            result[f"{value!r} {dtype}"] = attempt(mx.array, value, kind)
        result[f"array {dtype}"] = mx.array(mx.array([1, 2, 3]), kind)
        result[f"nested {dtype}"] = mx.array([mx.array([1, 2]), mx.array([3, 4], kind)])
    import array

    for code in "bBhHiIlLqQfd":
        result["buffer " + code] = mx.array(array.array(code, [1, 2, 3]))
        result["buffer cast " + code] = mx.array(array.array(code, [1, 2, 3]), mx.float16)
    result["strided buffer"] = attempt(mx.array, memoryview(array.array("i", range(10)))[::3])
    return result


@case("arrays to Python")
def to_python(mx):
    result = {}
    for dtype in [*ALL, "complex64"]:
        value = sample(mx, (2, 3), "int8").astype(getattr(mx, dtype))
        result[dtype] = [value.tolist(), value.T.tolist(), value[0, 0].item(), value[1, 2].tolist(), repr(value),
                         value.size, value.ndim, value.nbytes, value.itemsize, len(value), str(value.dtype),
                         value.dtype.size]
    one = mx.array([3])
    result["casts"] = [int(one), float(one), bool(one), complex(one), [10, 20, 30, 40][mx.array(2)]]
    two = mx.array([1, 2])
    result["refused"] = [attempt(f, two) for f in (int, float, bool, lambda x: x.item())]
    result["iteration"] = [list(two), attempt(list, mx.array(1)), attempt(len, mx.array(1))]
    result["buffer"] = [bytes(memoryview(two)), memoryview(two).format, memoryview(two.astype(mx.float16)).format]
    return result


@case("indexing")
def indexing(mx):
    a = mx.arange(60).reshape(3, 4, 5)
    two, ints, grid = mx.array([0, 2]), mx.array([1, 3, 0]), mx.array([[0, 1], [2, 0]])
    indices = {
        "int": 1, "negative": -1, "slice": slice(1, None), "step": slice(None, None, 2), "back": slice(None, None, -1),
        "back part": slice(2, 0, -1), "out": slice(5, 9), "negative slice": slice(-2, None), "none": None,
        "ellipsis": ..., "tuple": (1, 2, 3), "ints": (1, -1), "mixed": (slice(None), 1), "fresh": (None, 1, None),
        "last": (..., 2), "last fresh": (..., None), "middle": (0, ..., 1), "empty": (), "array": two, "grid": grid,
        "list": [0, 1], "scalar array": mx.array(1), "array int": (two, 1), "array slice": (two, slice(1, 3)),
        "slice array": (slice(None), ints), "two arrays": (two, mx.array([1, 2])), "apart": (two, slice(None), mx.array([1, 2])),
        "apart int": (1, slice(None), ints), "int array": (1, ints), "array fresh": (two, None), "fresh array": (None, two),
        "three": (two, mx.array([1, 1]), mx.array([2, 3])), "broadcast": (two[:, None], ints), "steps": (slice(None, None, 2), ints),
        "between": (two, None, mx.array([1, 1])), "ellipsis array": (..., ints), "array ellipsis": (two, ..., 1),
        "uint8": two.astype(mx.uint8), "negative array": mx.array([-1, -2]), "empty array": mx.array([], mx.int32),
        "float": 1.5, "text": "x", "bool": True, "mask": a > 3, "float array": mx.array([0.5]), "too many": (0, 0, 0, 0),
        "two ellipses": (..., ...), "list of lists": [[0, 1], [1, 2]],
        "slice after": (two, slice(None), slice(None, None, -2)), "last array": (slice(None), slice(1, 3), mx.array([4, 0])),
    }
    return {key: attempt(a.__getitem__, index) for key, index in indices.items()}


@case("assignment")
def assignment(mx):
    two = mx.array([0, 2])
    writes = {
        "int": (1, 7), "slice": (slice(0, 2), 7.9), "step": (slice(None, None, 2), -1), "all": (slice(None), 3),
        "row": (1, mx.arange(4)), "column": ((slice(None), 1), mx.arange(3)), "element": ((1, 2), 9), "array": (two, 5),
        "array rows": (two, mx.arange(8).reshape(2, 4)), "repeated": (mx.array([1, 1]), mx.arange(8).reshape(2, 4)),
        "pair": ((two, mx.array([1, 3])), mx.array([8, 9])), "mask": (mx.arange(12).reshape(3, 4) > 5, 0),
        "ellipsis": (..., 2), "none": (None, 6), "list": ([0, 1], 4), "reverse": (slice(None, None, -1), mx.arange(12).reshape(3, 4)),
        "mismatch": (1, mx.arange(3)), "float value": (0, mx.array(2.7)), "leading ones": (0, mx.arange(4).reshape(1, 1, 4)),
        "text": (0, "x"), "slice array": ((slice(1, 3), two), 1), "array slice": ((two, slice(1, 3)), mx.array([[1, 2], [3, 4]])),
        "row mask": (mx.array([True, False, True]), 5),
    }
    result = {}
    for dtype in ("int32", "float32", "bfloat16", "uint8"):
        for key, (index, value) in writes.items():
            a = mx.arange(100, 112).reshape(3, 4).astype(getattr(mx, dtype))
            result[f"{dtype} {key}"] = [attempt(a.__setitem__, index, value), a]
    return result


@case("updates in place")
def updates(mx):
    result = {}
    for index in (0, slice(1, 3), mx.array([0, 0, 1]), (mx.array([0, 0]), 1), (slice(None), 2)):
        for name in "add subtract multiply divide maximum minimum".split():
            a = mx.arange(1, 13).reshape(3, 4).astype(mx.float32)
            result[f"{index} {name}"] = attempt(getattr(a.at[index], name), 2.5)
    return result


@case("selection")
def selection(mx):
    a = sample(mx, (4, 5), "float32")
    i = mx.array([[0, 1], [2, 3], [4, 0], [1, 1]])
    return {
        "where": [mx.where(a > 0, a, 0), mx.where(a > 0, 1, 2.5), mx.where(True, a, -a), mx.where(a > 0, 1, 0)],
        "take": [mx.take(a, mx.array([3, 0])), mx.take(a, 2), mx.take(a, i, axis=1), mx.take(a, 1, axis=1)],
        "along": [mx.take_along_axis(a, i, axis=1), mx.take_along_axis(a, mx.array([7, 3]), axis=None)],
        "put": [mx.put_along_axis(a, i, mx.zeros((4, 2)), axis=1), mx.put_along_axis(a, mx.array([1]), mx.array(9.0), axis=None)],
        "slice": mx.slice(a, mx.array([1, 2]), (0, 1), (2, 2)),
        "slice update": mx.slice_update(a, mx.zeros((1, 2)), mx.array([1, 2]), (0, 1)),
        "clip": [mx.clip(a, -1, 1), mx.clip(a, 0, None), mx.clip(a, None, 0), attempt(mx.clip, a, None, None)],
        "nan": mx.nan_to_num(mx.array([float("nan"), float("inf"), 1.0]), nan=2.0),
    }


@case("order")
def order(mx):
    result = {}
    for dtype in ALL:
        a = sample(mx, (4, 6), dtype)
        result[dtype] = {
            "sort": [mx.sort(a), mx.sort(a, axis=0), mx.sort(a, axis=None)],
            "argsort": [mx.argsort(a), mx.argsort(a, axis=0), mx.argsort(a, axis=None)],
            "partition": [attempt(mx.partition, a, 2), attempt(mx.argpartition, a, 2), attempt(mx.topk, a, 3)],
        }
    result["search"] = mx.searchsorted(mx.array([1, 3, 5]), mx.array([0, 3, 4, 9]))
    return result
