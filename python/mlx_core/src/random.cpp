#include "mlx/random.h"

#include "random.h"

#include "binding.h"
#include "convert.h"

namespace binding {
namespace {

using Key = std::optional<mx::array>;
using Dtype = std::optional<mx::Dtype>;

thread_local std::uint64_t draws = 0;

// Notes where a function draws from the thread's default generator, which MLX keeps.
const Key& drawn(const Key& key) {
  draws += !key;
  return key;
}

mx::array uniform(
    const py::object& low, const py::object& high, const mx::Shape& shape, Dtype dtype,
    const Key& key, StreamOrDevice stream) {
  return mx::random::uniform(
      operand(low), operand(high), shape, dtype.value_or(mx::float32), drawn(key), stream);
}

mx::array normal(
    const mx::Shape& shape, Dtype dtype, const py::object& loc, const py::object& scale,
    const Key& key, StreamOrDevice stream) {
  auto type = dtype.value_or(mx::float32);
  auto parameter = [&](const py::object& value) {
    return value.is_none() ? Key() : operand(value, type);
  };
  return mx::random::normal(shape, type, parameter(loc), parameter(scale), drawn(key), stream);
}

mx::array bernoulli(
    const py::object& p, const std::optional<mx::Shape>& shape, const Key& key,
    StreamOrDevice stream) {
  auto probability = operand(p);
  return shape ? mx::random::bernoulli(probability, *shape, drawn(key), stream)
               : mx::random::bernoulli(probability, drawn(key), stream);
}

mx::array truncated_normal(
    const py::object& lower, const py::object& upper, const std::optional<mx::Shape>& shape,
    Dtype dtype, const Key& key, StreamOrDevice stream) {
  auto type = dtype.value_or(mx::float32);
  return shape ? mx::random::truncated_normal(
                     operand(lower), operand(upper), *shape, type, drawn(key), stream)
               : mx::random::truncated_normal(
                     operand(lower), operand(upper), type, drawn(key), stream);
}

mx::array permutation(
    const std::variant<int, mx::array>& x, int axis, const Key& key, StreamOrDevice stream) {
  if (auto* count = std::get_if<int>(&x)) {
    return mx::random::permutation(*count, drawn(key), stream);
  }
  return mx::random::permutation(std::get<mx::array>(x), axis, drawn(key), stream);
}

mx::array categorical(
    const mx::array& logits, int axis, const std::optional<mx::Shape>& shape,
    std::optional<int> samples, const Key& key, StreamOrDevice stream) {
  if (shape && samples) {
    throw std::invalid_argument("[categorical] At most one of shape or num_samples can be specified.");
  }
  if (shape) {
    return mx::random::categorical(logits, axis, *shape, drawn(key), stream);
  }
  return samples ? mx::random::categorical(logits, axis, *samples, drawn(key), stream)
                 : mx::random::categorical(logits, axis, drawn(key), stream);
}

void define_continuous(py::module_& random) {
  auto shape = py::arg("shape") = py::tuple();
  auto dtype = py::arg("dtype") = mx::float32;
  auto key = py::arg("key") = py::none();
  random.def(
      "uniform", &uniform, py::arg("low") = 0, py::arg("high") = 1, shape, dtype, key,
      stream_argument());
  random.def(
      "normal", &normal, shape, dtype, py::arg("loc") = py::none(), py::arg("scale") = py::none(),
      key, stream_argument());
  random.def(
      "truncated_normal", &truncated_normal, py::arg("lower"), py::arg("upper"),
      py::arg("shape") = py::none(), dtype, key, stream_argument());
  random.def(
      "gumbel",
      [](const mx::Shape& shape, Dtype dtype, const Key& key, StreamOrDevice stream) {
        return mx::random::gumbel(shape, dtype.value_or(mx::float32), drawn(key), stream);
      },
      shape, dtype, key, stream_argument());
  random.def(
      "laplace",
      [](const mx::Shape& shape, Dtype dtype, float loc, float scale, const Key& key,
         StreamOrDevice stream) {
        return mx::random::laplace(
            shape, dtype.value_or(mx::float32), loc, scale, drawn(key), stream);
      },
      shape, dtype, py::arg("loc") = 0.0f, py::arg("scale") = 1.0f, key, stream_argument());
}

void define_discrete(py::module_& random) {
  auto key = py::arg("key") = py::none();
  random.def(
      "randint",
      [](const py::object& low, const py::object& high, const mx::Shape& shape, Dtype dtype,
         const Key& key, StreamOrDevice stream) {
        return mx::random::randint(
            operand(low), operand(high), shape, dtype.value_or(mx::int32), drawn(key), stream);
      },
      py::arg("low"), py::arg("high"), py::arg("shape") = py::tuple(), py::arg("dtype") = mx::int32,
      key, stream_argument());
  random.def(
      "bernoulli", &bernoulli, py::arg("p") = 0.5, py::arg("shape") = py::none(), key,
      stream_argument());
  random.def(
      "categorical", &categorical, py::arg("logits"), py::arg("axis") = -1,
      py::arg("shape") = py::none(), py::arg("num_samples") = py::none(), key, stream_argument());
  random.def(
      "permutation", &permutation, py::arg("x"), py::arg("axis") = 0, key, stream_argument());
}

}  // namespace

std::uint64_t random_draws() {
  return draws;
}

void define_random(py::module_& module) {
  auto random = module.def_submodule("random", "mlx.core.random: functionality related to random number generation");
  random.def("seed", &mx::random::seed, py::arg("seed"));
  random.def("key", &mx::random::key, py::arg("seed"));
  random.def(
      "split",
      [](const mx::array& key, int num, StreamOrDevice stream) {
        return mx::random::split(key, num, stream);
      },
      py::arg("key"), py::arg("num") = 2, stream_argument());
  define_continuous(random);
  define_discrete(random);
}

}  // namespace binding
