"""Tells where two results differ."""


def differences(expected, actual, path=""):
    """Every place where the trees differ, with both values."""
    if isinstance(expected, dict) and isinstance(actual, dict) and expected.keys() == actual.keys():
        return [d for key in expected for d in differences(expected[key], actual[key], f"{path}/{key}")]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual))
        return [d for i, (left, right) in pairs for d in differences(left, right, f"{path}[{i}]")]
    return [] if expected == actual else [f"{path}: expected {expected!r}, got {actual!r}"]


def count(tree):
    """How many single results a tree holds."""
    if isinstance(tree, dict):
        return sum(map(count, tree.values()))
    if isinstance(tree, list):
        return sum(map(count, tree))
    return 1
