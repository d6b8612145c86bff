#include "mlx/device.h"

#include <pybind11/native_enum.h>

#include <memory>
#include <sstream>

#include "binding.h"
#include "mlx/stream.h"

namespace binding {
namespace {

using DeviceType = mx::Device::DeviceType;
using AnyDevice = std::variant<DeviceType, mx::Device>;

mx::Device device_of(const AnyDevice& device) {
  return std::visit([](auto value) { return mx::Device(value); }, device);
}

template <typename T>
std::string text_of(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

// `with mx.stream(...)`: the device and stream of before come back at the end.
class StreamScope {
 public:
  explicit StreamScope(StreamOrDevice target) : target_(target) {}

  void enter() {
    scope_ = std::make_unique<mx::StreamContext>(target_);
  }

  void leave() {
    scope_.reset();
  }

 private:
  StreamOrDevice target_;
  std::unique_ptr<mx::StreamContext> scope_;
};

void define_device_type(py::module_& module) {
  py::native_enum<DeviceType>(module, "DeviceType", "enum.Enum")
      .value("cpu", DeviceType::cpu)
      .value("gpu", DeviceType::gpu)
      .export_values()
      .finalize();
  py::class_<mx::Device>(module, "Device")
      .def(py::init<DeviceType, int>(), py::arg("type"), py::arg("index") = 0)
      .def_readonly("type", &mx::Device::type)
      .def("__repr__", &text_of<mx::Device>)
      .def(
          "__eq__",
          [](const mx::Device& device, const py::object& other) {
            if (py::isinstance<mx::Device>(other)) {
              return device == other.cast<mx::Device>();
            }
            return py::isinstance<DeviceType>(other) && device.type == other.cast<DeviceType>();
          })
      .def("__hash__", [](const mx::Device& device) {
        return device.index * 2 + static_cast<int>(device.type);
      });
}

void define_stream_types(py::module_& module) {
  py::class_<mx::Stream>(module, "Stream")
      .def_readonly("device", &mx::Stream::device)
      .def("__repr__", &text_of<mx::Stream>)
      .def("__eq__", [](const mx::Stream& stream, const py::object& other) {
        return py::isinstance<mx::Stream>(other) && stream == other.cast<mx::Stream>();
      });
  py::class_<mx::ThreadLocalStream>(module, "ThreadLocalStream")
      .def_readonly("device", &mx::ThreadLocalStream::device)
      .def("__repr__", &text_of<mx::ThreadLocalStream>)
      .def("__eq__", [](const mx::ThreadLocalStream& stream, const py::object& other) {
        return py::isinstance<mx::ThreadLocalStream>(other) &&
            stream == other.cast<mx::ThreadLocalStream>();
      });
  py::class_<StreamScope>(module, "StreamContext")
      .def(py::init<StreamOrDevice>(), py::arg("s"))
      .def("__enter__", &StreamScope::enter)
      .def("__exit__", [](StreamScope& scope, const py::args&) { scope.leave(); });
}

void synchronize(const StreamOrDevice& target) {
  py::gil_scoped_release unlocked;
  mx::synchronize(mx::to_stream(target));
}

py::dict device_info(const std::optional<AnyDevice>& device) {
  py::dict result;
  for (auto& [key, value] : mx::device_info(device ? device_of(*device) : mx::default_device())) {
    std::visit([&, name = key](const auto& fact) { result[name.c_str()] = py::cast(fact); }, value);
  }
  return result;
}

}  // namespace

void define_devices(py::module_& module) {
  define_device_type(module);
  define_stream_types(module);
  module.def("default_device", [] { return mx::default_device(); });
  module.def(
      "set_default_device",
      [](const AnyDevice& device) { mx::set_default_device(device_of(device)); },
      py::arg("device"));
  module.def(
      "is_available",
      [](const AnyDevice& device) { return mx::is_available(device_of(device)); },
      py::arg("device"));
  module.def("device_count", &mx::device_count, py::arg("device_type"));
  module.def("device_info", &device_info, py::arg("d") = py::none());
  module.def(
      "default_stream",
      [](const AnyDevice& device) { return mx::default_stream(device_of(device)); },
      py::arg("device"));
  module.def("set_default_stream", &mx::set_default_stream, py::arg("stream"));
  module.def(
      "new_stream",
      [](const AnyDevice& device) { return mx::new_stream(device_of(device)); },
      py::arg("device"));
  module.def(
      "new_thread_unsafe_stream",
      [](const AnyDevice& device) { return mx::new_thread_unsafe_stream(device_of(device)); },
      py::arg("device"));
  module.def(
      "new_thread_local_stream",
      [](const AnyDevice& device) { return mx::new_thread_local_stream(device_of(device)); },
      py::arg("device"));
  module.def("clear_streams", [] {
    py::gil_scoped_release unlocked;
    mx::clear_streams();
  });
  module.def("stream", [](StreamOrDevice target) { return StreamScope(target); }, py::arg("s"));
  module.def("synchronize", &synchronize, py::arg("stream") = py::none());
}

}  // namespace binding
