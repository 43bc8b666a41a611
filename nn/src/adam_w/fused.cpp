// One pass of AdamW over weights, gradients and both means, for `mod.rs`: libtorch has it for processors and
// graphics processors, `tch` has no binding.

#include <ATen/ATen.h>

extern "C" {

// `values`, `mean` and `square` are changed in place; whether libtorch did it, otherwise what it says stands in `why`.
bool tella_fused_adam_w(const at::Tensor *values, const at::Tensor *gradient, const at::Tensor *mean,
                        const at::Tensor *square, const at::Tensor *updates, double lr, const double *betas,
                        double weight_decay, double eps, char *why, std::size_t room) {
  try {
    at::_fused_adamw_({*values}, {*gradient}, {*mean}, {*square}, {}, {*updates}, lr, betas[0], betas[1], weight_decay,
                      eps, /*amsgrad=*/false, /*maximize=*/false);
    return true;
  } catch (const std::exception &error) {
    std::snprintf(why, room, "%s", error.what());
    return false;
  }
}
}
