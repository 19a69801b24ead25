"""Encodes the files of a list with Spark: the driver hands out paths, and gets a row back for each.

    spark_files.py VAECODEC LIST OUTPUT_FOLDER [--partitions N]

The files and the output folder lie where all machines see them. Spark retries what fails, and may start a task
twice: outputs appear whole, and the same bytes come out of both.
"""
import argparse
import json
import os
import subprocess
import threading

from pyspark import TaskContext
from pyspark.sql import SparkSession


def encoder(program, output):
    def encode(paths):
        task = TaskContext.get()
        process = subprocess.Popen(
            [program, "encode", "--files-from", "-", "-o", output, "--json", "--max-failures", "all",
             "--writer", f"{task.partitionId()}-{task.attemptNumber()}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        failure = []

        def feed():
            try:
                for path in paths:
                    process.stdin.write(os.fsencode(path) + b"\n")
            except BrokenPipeError:
                pass
            except BaseException as error:
                failure.append(error)
                process.kill()
            finally:
                try:
                    process.stdin.close()
                except BrokenPipeError:
                    pass

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            for line in process.stdout:
                row = json.loads(line)
                if "summary" not in row:
                    yield row
            feeder.join()
            status = process.wait()
            if failure:
                raise failure[0]
            if status != 0:
                raise RuntimeError(f"vaecodec ended with {status}")
        finally:
            process.kill()
            process.wait()

    return encode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("list")
    parser.add_argument("output")
    parser.add_argument("--partitions", type=int, default=16)
    arguments = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    with open(arguments.list, "rb") as lines:
        paths = [os.fsdecode(line) for line in lines.read().splitlines()]
    rows = spark.sparkContext.parallelize(paths, arguments.partitions).mapPartitions(
        encoder(os.path.abspath(arguments.program), os.path.abspath(arguments.output)))
    for row in rows.collect():
        print(json.dumps(row, sort_keys=True))
    spark.stop()


if __name__ == "__main__":
    main()
