"""Encodes a folder of pictures with Ray Data: an actor for every few processors keeps `vaecodec serve` open.

    ray_pictures.py VAECODEC PICTURES_FOLDER OUTPUT_FOLDER [--processors N]

A picture that cannot be read keeps its row, with the error in it.
"""
import argparse
import os
import sys

import pyarrow as pa
import ray

HERE = os.path.dirname(os.path.abspath(__file__))


class Encoder:
    def __init__(self, command):
        sys.path.insert(0, HERE)
        from frames import Server
        self.server = Server(command)

    def __call__(self, batch):
        latents, errors = [], []
        for header, content in self.server.answers(batch.column("bytes").to_pylist()):
            is_whole = header["status"] == "ok"
            latents.append(content if is_whole else None)
            errors.append(None if is_whole else header["error"])
        return pa.table({
            "path": batch.column("path"), "latent": pa.array(latents, pa.binary()),
            "error": pa.array(errors, pa.string()),
            "threads": pa.array([self.server.greeting["threads"]] * batch.num_rows)})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("pictures")
    parser.add_argument("output")
    parser.add_argument("--processors", type=int, default=1)
    arguments = parser.parse_args()
    (ray.data.read_binary_files(os.path.abspath(arguments.pictures), include_paths=True)
     .map_batches(Encoder, fn_constructor_args=([os.path.abspath(arguments.program), "serve"],),
                  batch_format="pyarrow", batch_size=32, num_cpus=arguments.processors,
                  compute=ray.data.ActorPoolStrategy(min_size=1, max_size=2))
     .write_parquet(os.path.abspath(arguments.output)))


if __name__ == "__main__":
    main()
