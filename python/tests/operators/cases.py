"""Operations to compare, each a function of the module mlx.core that returns arrays, numbers or trees.

A case may raise: then both sides must raise the same kind of error.
"""

from .samples import ALL, FLOATS, layouts, sample, specials, without_zeros

CASES = {}


def case(name):
    def add(function):
        assert name not in CASES, name
        CASES[name] = function
        return function

    return add


UNARY = """abs sign positive negative trunc square sqrt rsqrt reciprocal logical_not exp expm1 erf erfinv sin cos
tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh degrees radians log log2 log10 log1p stop_gradient
sigmoid floor ceil isnan isinf isfinite isposinf isneginf round bitwise_invert real imag conj""".split()

BINARY = """add subtract multiply divide floor_divide remainder power arctan2 logaddexp maximum minimum equal
not_equal less less_equal greater greater_equal logical_and logical_or bitwise_and bitwise_or bitwise_xor
left_shift right_shift divmod array_equal isclose allclose""".split()

REDUCTIONS = "all any sum prod min max mean median logsumexp var std argmin argmax softmax count_nonzero".split()

SCANS = "cumsum cumprod cummax cummin logcumsumexp".split()


def attempt(function, *arguments, **named):
    """The result, or the kind of error: one refused type must not hide the others."""
    try:
        return function(*arguments, **named)
    except (TypeError, ValueError, RuntimeError, IndexError, OverflowError) as error:
        return type(error).__name__


def add_unary(name):
    @case(f"unary {name}")
    def run(mx):
        function = getattr(mx, name)
        result = {dtype: attempt(function, sample(mx, (7, 5), dtype)) for dtype in ALL}
        result["layouts"] = {k: attempt(function, v) for k, v in layouts(mx, "float32").items()}
        result["specials"] = {d: attempt(function, specials(mx, d)) for d in FLOATS}
        return result


def add_binary(name):
    @case(f"binary {name}")
    def run(mx):
        function = getattr(mx, name)
        result = {}
        for left in ALL:
            for right in ALL:
                a, b = sample(mx, (3, 4), left, "a"), without_zeros(mx, sample(mx, (3, 4), right, "b"))
                if name.endswith("shift"):
                    b = b % 7 if right != "bool_" else b
                result[f"{left} {right}"] = attempt(function, a, b)
            for scalar in (2, 2.5, True, -1):
                a = without_zeros(mx, sample(mx, (3,), left))
                result[f"{left} {scalar!r}"] = attempt(function, a, scalar)
                result[f"{scalar!r} {left}"] = attempt(function, scalar, a)
        for key, value in layouts(mx, "float32").items():
            result[key] = attempt(function, value, value)
            result[key + " row"] = attempt(function, value, sample(mx, (6,), "float32"))
        result["outer"] = attempt(function, sample(mx, (4, 1)), sample(mx, (1, 5)))
        result["mismatch"] = attempt(function, sample(mx, (4,)), sample(mx, (5,)))
        result["specials"] = attempt(function, specials(mx, "float32"), specials(mx, "float32")[::-1])
        return result


def add_reduction(name):
    @case(f"reduction {name}")
    def run(mx):
        function = getattr(mx, name)
        result = {}
        for dtype in ALL:
            value = sample(mx, (2, 5, 3), dtype)
            for axis in (None, 0, 1, -1, (0, 2), (), 3):
                result[f"{dtype} {axis}"] = attempt(function, value, axis=axis)
        for key, value in layouts(mx, "float32").items():
            result[key] = attempt(function, value, axis=-1)
            result[key + " all"] = attempt(function, value)
            if name != "softmax":
                result[key + " kept"] = attempt(function, value, axis=0, keepdims=True)
        return result


def add_scan(name):
    @case(f"scan {name}")
    def run(mx):
        function = getattr(mx, name)
        result = {}
        for dtype in ALL:
            value = sample(mx, (4, 5), dtype)
            for axis in (None, 0, -1):
                for reverse in (False, True):
                    result[f"{dtype} {axis} {reverse}"] = attempt(
                        function, value, axis=axis, reverse=reverse, inclusive=not reverse
                    )
        for key, value in layouts(mx, "float32").items():
            result[key] = attempt(function, value, axis=-1)
        return result


for unary_name in UNARY:
    add_unary(unary_name)
for binary_name in BINARY:
    add_binary(binary_name)
for reduction_name in REDUCTIONS:
    add_reduction(reduction_name)
for scan_name in SCANS:
    add_scan(scan_name)


@case("conversion between types")
def conversions(mx):
    return {
        f"{a} {b}": sample(mx, (3, 5), a).astype(getattr(mx, b)) for a in ALL for b in [*ALL, "complex64"]
    }


@case("views of bits")
def bit_views(mx):
    return {
        f"{a} {b}": attempt(mx.view, sample(mx, (4, 8), a), getattr(mx, b)) for a in ALL for b in ALL
    }


@case("softmax in detail")
def softmax(mx):
    return {
        f"{dtype} {precise}": mx.softmax(sample(mx, (3, 129), dtype) * 9, axis=-1, precise=precise)
        for dtype in FLOATS
        for precise in (False, True)
    }


@case("operators")
def operators(mx):
    result = {}
    for dtype in ALL:
        a, b = (without_zeros(mx, sample(mx, (3, 4), dtype, seed)) for seed in "ab")
        for name in """add sub mul truediv floordiv mod pow lt le gt ge eq ne and or xor lshift rshift matmul
                       radd rsub rmul rtruediv rfloordiv rmod rpow iadd isub imul itruediv""".split():
            method = getattr(a, f"__{name}__")
            result[f"{dtype} {name}"] = attempt(method, b.T if name == "matmul" else b)
            result[f"{dtype} {name} scalar"] = attempt(method, 2)
            result[f"{dtype} {name} real"] = attempt(method, 1.5)
            result[f"{dtype} {name} text"] = attempt(method, "x")
        for name in ("neg", "pos", "abs", "invert"):
            result[f"{dtype} {name}"] = attempt(getattr(a, f"__{name}__"))
    return result


@case("scalars adapt to the array beside them")
def weak_scalars(mx):
    values = [0, 1, -1, 127, 128, 255, 256, 70000, 2**31, 2**40, 0.1, 1e300, True, 1j]
    return {
        f"{dtype} {value!r}": attempt(lambda d=dtype, v=value: sample(mx, (2,), d) + v)
        for dtype in ALL
        for value in values
    }
