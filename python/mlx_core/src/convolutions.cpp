#include "binding.h"

namespace binding {
namespace {

using Numbers = mx::Shape;

// One number stands for every spatial dimension.
int at(const Numbers& numbers, size_t dimension) {
  return numbers.size() == 1 ? numbers[0] : numbers.at(dimension);
}

std::pair<int, int> two(const Numbers& numbers) {
  return {at(numbers, 0), at(numbers, 1)};
}

std::tuple<int, int, int> three(const Numbers& numbers) {
  return {at(numbers, 0), at(numbers, 1), at(numbers, 2)};
}

std::vector<int> any(const Numbers& numbers) {
  return {numbers.begin(), numbers.end()};
}

template <typename Convolution>
void define_convolution(py::module_& module, const char* name, Convolution convolution) {
  module.def(
      name, convolution, py::arg("input"), py::arg("weight"), py::pos_only(),
      py::arg("stride") = 1, py::arg("padding") = 0, py::arg("dilation") = 1, py::arg("groups") = 1,
      py::kw_only(), stream_argument());
}

template <typename Convolution>
void define_transposed(py::module_& module, const char* name, Convolution convolution) {
  module.def(
      name, convolution, py::arg("input"), py::arg("weight"), py::pos_only(),
      py::arg("stride") = 1, py::arg("padding") = 0, py::arg("dilation") = 1,
      py::arg("output_padding") = 0, py::arg("groups") = 1, py::kw_only(), stream_argument());
}

void define_transposed_convolutions(py::module_& module) {
  define_transposed(module, "conv_transpose1d", &mx::conv_transpose1d);
  define_transposed(
      module, "conv_transpose2d",
      [](const mx::array& input, const mx::array& weight, const Numbers& stride,
         const Numbers& padding, const Numbers& dilation, const Numbers& output_padding, int groups,
         StreamOrDevice stream) {
        return mx::conv_transpose2d(
            input, weight, two(stride), two(padding), two(dilation), two(output_padding), groups,
            stream);
      });
  define_transposed(
      module, "conv_transpose3d",
      [](const mx::array& input, const mx::array& weight, const Numbers& stride,
         const Numbers& padding, const Numbers& dilation, const Numbers& output_padding, int groups,
         StreamOrDevice stream) {
        return mx::conv_transpose3d(
            input, weight, three(stride), three(padding), three(dilation), three(output_padding),
            groups, stream);
      });
}

}  // namespace

void define_convolutions(py::module_& module) {
  define_convolution(module, "conv1d", &mx::conv1d);
  define_convolution(
      module, "conv2d",
      [](const mx::array& input, const mx::array& weight, const Numbers& stride,
         const Numbers& padding, const Numbers& dilation, int groups, StreamOrDevice stream) {
        return mx::conv2d(
            input, weight, two(stride), two(padding), two(dilation), groups, stream);
      });
  define_convolution(
      module, "conv3d",
      [](const mx::array& input, const mx::array& weight, const Numbers& stride,
         const Numbers& padding, const Numbers& dilation, int groups, StreamOrDevice stream) {
        return mx::conv3d(
            input, weight, three(stride), three(padding), three(dilation), groups, stream);
      });
  define_transposed_convolutions(module);
  module.def(
      "conv_general",
      [](const mx::array& input, const mx::array& weight, const Numbers& stride,
         const std::variant<Numbers, std::pair<Numbers, Numbers>>& padding,
         const Numbers& kernel_dilation, const Numbers& input_dilation, int groups, bool flip,
         StreamOrDevice stream) {
        auto* sides = std::get_if<std::pair<Numbers, Numbers>>(&padding);
        auto& low = sides ? sides->first : std::get<Numbers>(padding);
        auto& high = sides ? sides->second : low;
        return mx::conv_general(
            input, weight, any(stride), any(low), any(high), any(kernel_dilation),
            any(input_dilation), groups, flip, stream);
      },
      py::arg("input"), py::arg("weight"), py::pos_only(), py::arg("stride") = 1,
      py::arg("padding") = 0, py::arg("kernel_dilation") = 1, py::arg("input_dilation") = 1,
      py::arg("groups") = 1, py::arg("flip") = false, py::kw_only(), stream_argument());
}

}  // namespace binding
