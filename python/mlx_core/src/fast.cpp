#include "mlx/fast.h"

#include "binding.h"

namespace binding {
namespace {

using Optional = std::optional<mx::array>;

mx::array attention(
    const mx::array& queries,
    const mx::array& keys,
    const mx::array& values,
    float scale,
    const std::variant<std::monostate, std::string, mx::array>& mask,
    const Optional& sinks,
    bool force_fused,
    StreamOrDevice stream) {
  auto* mode = std::get_if<std::string>(&mask);
  if (mode && *mode != "causal") {
    throw std::invalid_argument(
        "[scaled_dot_product_attention] The mask is an array, None or 'causal', not '" + *mode +
        "'.");
  }
  Optional mask_array;
  if (auto* array = std::get_if<mx::array>(&mask)) {
    mask_array = *array;
  }
  return mx::fast::scaled_dot_product_attention(
      queries, keys, values, scale, mode ? *mode : "", mask_array, sinks, force_fused, stream);
}

mx::array rope(
    const mx::array& a,
    int dims,
    bool traditional,
    std::optional<float> base,
    float scale,
    const std::variant<int, mx::array>& offset,
    const Optional& freqs,
    StreamOrDevice stream) {
  return std::visit(
      [&](auto& from) {
        return mx::fast::rope(a, dims, traditional, base, scale, from, freqs, stream);
      },
      offset);
}

}  // namespace

void define_fast(py::module_& module) {
  auto fast = module.def_submodule("fast", "mlx.core.fast: fast operations");
  fast.def(
      "rms_norm", &mx::fast::rms_norm, py::arg("x"), py::arg("weight").none(true), py::arg("eps"),
      py::kw_only(), stream_argument());
  fast.def(
      "layer_norm", &mx::fast::layer_norm, py::arg("x"), py::arg("weight").none(true),
      py::arg("bias").none(true), py::arg("eps"), py::kw_only(), stream_argument());
  fast.def(
      "rope", &rope, py::arg("a"), py::arg("dims"), py::kw_only(), py::arg("traditional"),
      py::arg("base").none(true), py::arg("scale"), py::arg("offset"),
      py::arg("freqs") = py::none(), stream_argument());
  fast.def(
      "scaled_dot_product_attention", &attention, py::arg("q"), py::arg("k"), py::arg("v"),
      py::kw_only(), py::arg("scale"), py::arg("mask") = py::none(), py::arg("sinks") = py::none(),
      py::arg("force_fused") = false, stream_argument());
  fast.def(
      "cross_entropy", &mx::fast::cross_entropy, py::arg("logits"), py::arg("targets"),
      py::kw_only(), stream_argument());
}

}  // namespace binding
