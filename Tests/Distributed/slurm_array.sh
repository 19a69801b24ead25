#!/bin/bash
# Encodes a folder with the tasks of a Slurm array: sbatch slurm_array.sh PICTURES_FOLDER OUTPUT_FOLDER
#
# Each task takes the part of the pictures that its number gives it, on the processors that it was given. A minute
# before its time is up Slurm sends SIGTERM: the task finishes what it has in hand and ends; the same line, sent
# again, goes on with the rest.
#SBATCH --array=0-99
#SBATCH --cpus-per-task=16
#SBATCH --mem=24G
#SBATCH --time=4:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=TERM@60
exec ${SLURM_STEP_LAUNCHER-srun} "${VAECODEC-vaecodec}" encode "$1" -o "$2" --shard auto
