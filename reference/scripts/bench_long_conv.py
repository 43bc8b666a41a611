"""What a training step of the long convolution layer costs in PyTorch, forward and backward.

LENGTH BATCH REPEATS; one thread, single precision, width 64, two kernels a channel; prints JSON. The counterpart of
`nn/examples/long_conv_cost.rs`: squashed taps, a convolution by a real FFT of twice the length, skip, gelu, gated
linear map.
"""

import json
import statistics
import sys
import time

import torch
from torch import nn

WIDTH, CHANNELS, SQUASH = 64, 2, 0.001


class LongConv(nn.Module):
    def __init__(self, length):
        super().__init__()
        self.kernel = nn.Parameter(torch.randn(CHANNELS, WIDTH, length) * 0.002)
        self.skip = nn.Parameter(torch.randn(CHANNELS, WIDTH))
        self.project_out = nn.Linear(CHANNELS * WIDTH, 2 * WIDTH)

    def forward(self, x):
        x = x.transpose(1, 2).unsqueeze(1)
        length = x.shape[-1]
        taps = self.kernel.sign() * (self.kernel.abs() - SQUASH).relu()
        spectrum = torch.fft.rfft(x, n=2 * length) * torch.fft.rfft(taps, n=2 * length)
        y = torch.fft.irfft(spectrum, n=2 * length)[..., :length] + x * self.skip.unsqueeze(-1)
        y = nn.functional.gelu(y).flatten(1, 2).transpose(1, 2)
        return nn.functional.glu(self.project_out(y), dim=-1)


def main():
    length, batch, repeats = map(int, sys.argv[1:])
    torch.set_num_threads(1)
    layer = LongConv(length)
    x = torch.randn(batch, length, WIDTH, requires_grad=True)
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        layer(x).square().mean().backward()
        times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps({"length": length, "batch": batch, "milliseconds": statistics.median(times[1:])}))


main()
