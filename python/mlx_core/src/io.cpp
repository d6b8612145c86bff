#include "mlx/io.h"

#include <filesystem>
#include <stdexcept>
#include <unordered_map>

#include "binding.h"

namespace binding {
namespace {

using Arrays = std::unordered_map<std::string, mx::array>;
using Metadata = std::unordered_map<std::string, std::string>;

std::string path_of(const py::object& file) {
  if (py::hasattr(file, "read") || py::hasattr(file, "write")) {
    throw std::invalid_argument(
        "This build of mlx.core reads and writes files by path; pass the path instead of an open file.");
  }
  return py::module_::import("os").attr("fspath")(file).cast<std::string>();
}

std::string format_of(const std::string& path, const std::optional<std::string>& format) {
  if (format) {
    return *format;
  }
  auto extension = std::filesystem::path(path).extension().string();
  return extension.empty() ? "" : extension.substr(1);
}

py::object load(
    const py::object& file,
    const std::optional<std::string>& format,
    bool return_metadata,
    StreamOrDevice stream) {
  auto path = path_of(file);
  auto kind = format_of(path, format);
  if (kind == "safetensors") {
    auto [arrays, metadata] = mx::load_safetensors(path, stream);
    auto loaded = py::cast(arrays);
    return return_metadata ? py::object(py::make_tuple(loaded, metadata)) : loaded;
  }
  if (kind == "npy") {
    if (return_metadata) {
      throw std::invalid_argument("[load] metadata not supported for format npy");
    }
    return py::cast(mx::load(path, stream));
  }
  throw std::invalid_argument(
      "[load] This build of mlx.core reads safetensors and npy, not '" + kind + "'.");
}

void save(const py::object& file, const mx::array& array) {
  auto path = path_of(file);
  if (!path.ends_with(".npy")) {
    path += ".npy";
  }
  py::gil_scoped_release unlocked;
  mx::save(path, array);
}

void save_safetensors(
    const py::object& file, const Arrays& arrays, const std::optional<Metadata>& metadata) {
  auto path = path_of(file);
  if (!path.ends_with(".safetensors")) {
    path += ".safetensors";
  }
  py::gil_scoped_release unlocked;
  mx::save_safetensors(path, arrays, metadata.value_or(Metadata()));
}

}  // namespace

void define_io(py::module_& module) {
  module.def(
      "load", &load, py::arg("file"), py::pos_only(), py::arg("format") = py::none(),
      py::arg("return_metadata") = false, py::kw_only(), stream_argument());
  module.def("save", &save, py::arg("file"), py::arg("arr"));
  module.def(
      "save_safetensors", &save_safetensors, py::arg("file"), py::arg("arrays"),
      py::arg("metadata") = py::none());
}

}  // namespace binding
