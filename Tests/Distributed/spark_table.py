"""Encodes a table of pictures with Spark: their bytes go through `vaecodec serve`, a process for each task.

    spark_table.py VAECODEC PICTURES_FOLDER OUTPUT.parquet [--partitions N]

A picture that cannot be read keeps its row, with the error in it.
"""
import argparse
import os
import sys

import pyarrow as pa
from pyspark.sql import SparkSession

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def encoder(command):
    def encode(batches):
        from frames import Server
        server = Server(command)
        for batch in batches:
            latents, errors = [], []
            for header, content in server.answers(batch.column("content").to_pylist()):
                is_whole = header["status"] == "ok"
                latents.append(content if is_whole else None)
                errors.append(None if is_whole else header["error"])
            yield pa.RecordBatch.from_arrays(
                [batch.column("path"), pa.array(latents, pa.binary()), pa.array(errors, pa.string())],
                ["path", "latent", "error"])
        server.close()

    return encode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("pictures")
    parser.add_argument("output")
    parser.add_argument("--partitions", type=int, default=4)
    arguments = parser.parse_args()
    # Pictures are large: the usual 10,000 rows to a batch may not fit into memory.
    spark = SparkSession.builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "64").getOrCreate()
    spark.sparkContext.addPyFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "frames.py"))
    pictures = (spark.read.format("binaryFile").option("recursiveFileLookup", "true")
                .load(os.path.abspath(arguments.pictures)).select("path", "content"))
    (pictures.repartition(arguments.partitions)
     .mapInArrow(encoder([os.path.abspath(arguments.program), "serve"]),
                 "path string, latent binary, error string")
     .write.mode("overwrite").parquet(os.path.abspath(arguments.output)))
    spark.stop()


if __name__ == "__main__":
    main()
