# Made the files of this folder once: Python 3.11.2, numpy 1.24.2. Tests read the files and need neither.
import json
from fractions import Fraction
from math import isqrt
import numpy as np
from numpy.lib import format as npy

rng = np.random.default_rng(20261128)
cases = []


def case(name, source, steps, expected, version=None):
    for kind, array in (("in", source), ("out", expected)):
        with open(f"{name}.{kind}.npy", "wb") as f:
            npy.write_array(f, np.asanyarray(array, order="C"), version=version)
    cases.append({"name": name, "steps": steps})


def root(x):
    """The root of a Fraction, to 200 bits."""
    scale = 2 ** 400
    return Fraction(isqrt(x.numerator * scale * scale // x.denominator), scale)


def exact(a):
    v = [Fraction(float(x)) for x in a.ravel() if np.isfinite(x)]
    mean = sum(v) / len(v)
    var = sum(x * x for x in v) / len(v) - mean * mean
    return float(mean), var, len(v)


def odd(dtype):
    tiny, huge = (5e-324, 1e308) if dtype == np.float64 else (1e-45, 3e38)
    a = rng.normal(size=(3, 5, 7)).astype(dtype)
    a.flat[:8] = [np.nan, np.inf, -np.inf, -0.0, 0.0, tiny, huge, -huge]
    return a


np.seterr(all="ignore")
for dtype, word in ((np.float64, "f64"), (np.float32, "f32")):
    a = odd(dtype)
    n = dtype
    case(f"{word}-scale", a, ["scale: 2.5"], a * n(2.5))
    case(f"{word}-offset", a, ["offset: -273.15"], a + n(-273.15))
    case(f"{word}-clip", a, ["clip: {min: -0.5, max: 1}"], np.where(a < n(-0.5), n(-0.5), np.where(a > n(1), n(1), a)))
    case(f"{word}-replace-nan", a, ["replace_nan: 7"], np.where(np.isnan(a), n(7), a))
    chain = np.where(np.isnan(a), n(0), a) * n(3) + n(1.5)
    case(f"{word}-chain", a, ["replace_nan: 0", "scale: 3", "offset: 1.5", "clip: {max: 4}"], np.where(chain > n(4), n(4), chain))
    b = rng.normal(size=997).astype(dtype)
    b[[3, 500]] = np.nan
    low, high = np.nanmin(b), np.nanmax(b)
    case(f"{word}-minmax", b, ["normalize: minmax"], (b - low) / (high - low))
    mean, var, count = exact(b)
    std = np.sqrt(float(var))
    case(f"{word}-zscore", b, ["normalize: zscore"], (b - n(mean)) / n(std))
    sample = np.sqrt(float(var * count / (count - 1)))
    case(f"{word}-zscore-sample", b, ["normalize: {by: zscore, ddof: 1}"], (b - n(mean)) / n(sample))
    big = (rng.normal(size=101) * 1e5).astype(dtype)
    case(f"{word}-to-i32", big, ["cast: i32"], big.astype(np.int32))
    case(f"{word}-to-i64", big, ["cast: i64"], big.astype(np.int64))

for dtype, word in ((np.int32, "i32"), (np.int64, "i64")):
    info = np.iinfo(dtype)
    a = rng.integers(-10 ** 8, 10 ** 8, size=(13, 17)).astype(dtype)
    case(f"{word}-scale", a, ["scale: -3"], a * dtype(-3))
    case(f"{word}-offset", a, ["offset: 12345"], a + dtype(12345))
    case(f"{word}-clip", a, ["clip: {min: -1000, max: 1000}"], np.clip(a, -1000, 1000))
    e = np.array([info.min, -1, 0, 1, info.max], dtype)
    case(f"{word}-extremes-to-f64", e, ["cast: f64"], e.astype(np.float64))
    case(f"{word}-extremes-to-f32", e, ["cast: f32"], e.astype(np.float32))

e = np.array([-2 ** 31, 2 ** 31 - 1, 0, 7], np.int64)
case("i64-to-i32", e, ["cast: i32"], e.astype(np.int32))
case("i32-to-i64", e.astype(np.int32), ["cast: i64"], e)
f = np.array([1.1, -np.inf, np.nan, 3.4028235e38, 1e-50, -0.0])
case("f64-to-f32", f, ["cast: f32"], f.astype(np.float32))
case("f32-to-f64", f.astype(np.float32), ["cast: f64"], f.astype(np.float32).astype(np.float64))
wide = np.array([1e300, -1e300, np.inf, -np.inf, 1.5, -1.5])
case("f64-to-i32-clip", wide, ["cast: {to: i32, overflow: clip}"], np.array([2 ** 31 - 1, -2 ** 31, 2 ** 31 - 1, -2 ** 31, 1, -1], np.int32))
case("f64-to-i64-clip", wide, ["cast: {to: i64, overflow: clip}"], np.array([2 ** 63 - 1, -2 ** 63, 2 ** 63 - 1, -2 ** 63, 1, -1], np.int64))
case("f64-to-f32-clip", wide, ["cast: {to: f32, overflow: clip}"], np.array([3.4028235e38, -3.4028235e38, np.inf, -np.inf, 1.5, -1.5], np.float32))
case("shape-none", np.array(21.0), ["scale: 2"], np.array(42.0))
case("shape-empty", np.zeros((3, 0, 2)), ["scale: 2", "normalize: zscore"], np.zeros((3, 0, 2)))
case("version-2", np.arange(10.0), ["scale: 2"], np.arange(10.0) * 2, version=(2, 0))
case("version-3", np.arange(10, dtype=np.int32), ["scale: 2"], np.arange(10, dtype=np.int32) * 2, version=(3, 0))
a = np.arange(1000, dtype=np.int64)
case("article-example-4", a, ["scale: 2"], a * 2)
with open("cases.json", "w") as f:
    json.dump(cases, f, indent=1)
    f.write("\n")
