// Recording of graphs, for `graph/mod.rs`: libtorch's C++ class behind C functions that turn its
// exceptions into texts.
//
// The part of libtorch for graphics processors is loaded and not linked, and its headers want CUDA's: the
// functions are given by address, and declared here as libtorch 2.11 has them (ATen/cuda/CUDAGraph.h,
// c10/cuda/CUDAStream.h).

#include <c10/core/impl/VirtualGuardImpl.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <utility>

namespace {

// c10::cuda::CUDAStream: a device (its type and number) and the stream's number.
struct Stream {
  std::int16_t device;
  std::int64_t id;
};

// What to come back to after a recording: the device's stream, and the device that this thread was at.
struct Before {
  Stream stream;
  std::int8_t device;
};

c10::impl::VirtualGuardImpl devices() { return c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA); }

// c10::MempoolId_t; zeros ask for a pool of the graph's own.
using Pool = std::pair<unsigned long long, unsigned long long>;

// Where libtorch's functions are, in the order of `Functions` in `mod.rs`.
struct Functions {
  void (*construct)(void *graph, bool keep);
  void (*destroy)(void *graph);
  void (*capture_begin)(void *graph, Pool pool, int mode);
  void (*capture_end)(void *graph);
  void (*replay)(void *graph);
  Stream (*stream_from_pool)(bool high_priority, std::int8_t device);
  Stream (*current_stream)(std::int8_t device);
  void (*set_current_stream)(Stream stream);
};

void come_back(const Functions *f, const Before &before) {
  f->set_current_stream(before.stream);
  devices().setDevice(c10::Device(c10::DeviceType::CUDA, before.device));
}

// Whether `work` threw nothing; else what it said stands in `why`.
template <typename Work> bool guarded(char *why, std::size_t size, Work work) {
  try {
    work();
    return true;
  } catch (const std::exception &error) {
    std::snprintf(why, size, "%s", error.what());
  } catch (...) {
    std::snprintf(why, size, "something that says nothing was thrown");
  }
  return false;
}

} // namespace

extern "C" {

// Makes a graph in `graph` and goes over to `device` and a stream of its own, on which it begins to record;
// `before` is what to come back to.
bool tella_graph_begin(const Functions *f, void *graph, std::int8_t device, Before *before, char *why,
                       std::size_t size) {
  return guarded(why, size, [&] {
    before->stream = f->current_stream(device);
    const auto own = f->stream_from_pool(false, device);
    f->construct(graph, false);
    try {
      // The stream that is recorded is the current one of the current device.
      before->device = devices().exchangeDevice(c10::Device(c10::DeviceType::CUDA, device)).index();
      f->set_current_stream(own);
      // Strict for this thread's own calls alone: others may allocate.
      f->capture_begin(graph, Pool(0, 0), 1);
    } catch (...) {
      come_back(f, *before);
      f->destroy(graph);
      throw;
    }
  });
}

// Ends the recording and comes back to `before`.
bool tella_graph_end(const Functions *f, void *graph, const Before *before, char *why, std::size_t size) {
  const bool ended = guarded(why, size, [&] { f->capture_end(graph); });
  char ignored[64];
  const bool back = guarded(ended ? why : ignored, ended ? size : sizeof ignored, [&] { come_back(f, *before); });
  return ended && back;
}

bool tella_graph_replay(const Functions *f, void *graph, char *why, std::size_t size) {
  return guarded(why, size, [&] { f->replay(graph); });
}

void tella_graph_destroy(const Functions *f, void *graph) {
  char ignored[64];
  guarded(ignored, sizeof ignored, [&] { f->destroy(graph); });
}
}
