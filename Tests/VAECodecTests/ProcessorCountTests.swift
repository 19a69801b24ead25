import TestSupport
import Testing

@testable import VAECodec

/// How many processors a process may use.
@Suite struct ProcessorCountTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func processors(_ membership: String) -> Int? {
    ControlGroups(membership: membership, root: folder.path).processorCount
  }

  private func write(_ files: [String: String]) throws {
    for (name, text) in files { try folder.write(Array("\(text)\n".utf8), to: name) }
  }

  @Test func `a quota is that of the strictest group, rounded up`() throws {
    try write([
      "a/cpu.max": "max 100000", "a/b/cpu.max": "150000 100000", "a/b/c/cpu.max": "400000 100000",
      "cpu/x/cpu.cfs_quota_us": "50000", "cpu/x/cpu.cfs_period_us": "100000",
      "cpu/y/cpu.cfs_quota_us": "-1", "cpu/y/cpu.cfs_period_us": "100000",
    ])
    #expect(processors("0::/a/b/c\n") == 2)
    #expect(processors("0::/a\n") == nil)
    #expect(processors("3:cpu,cpuacct:/x\n") == 1)
    #expect(processors("3:cpu,cpuacct:/y\n") == nil)
    #expect(processors("3:cpuset:/x\n") == nil)
  }

  @Test(arguments: [
    ([:], 128, "processors"),
    (["SLURM_CPUS_PER_TASK": "16"], 16, "SLURM_CPUS_PER_TASK"),
    (["OMP_NUM_THREADS": "4,2", "SLURM_CPUS_PER_TASK": "16"], 4, "OMP_NUM_THREADS"),
    (["OMP_NUM_THREADS": "no", "SLURM_CPUS_PER_TASK": "0"], 128, "processors"),
    (["OMP_NUM_THREADS": "256"], 128, "processors"),
  ])
  func `the least limit counts`(environment: [String: String], count: Int, reason: String) {
    let found = ProcessorCount(affinity: 128, groups: nil, environment: environment)
    #expect(found.value == count && found.reason == reason)
  }

  @Test func `groups limit what affinity allows`() {
    let found = ProcessorCount(affinity: 8, groups: 3, environment: [:])
    #expect(found.value == 3 && found.reason == "control groups")
  }

  @Test func `this process has a processor`() { #expect(ThisProcess.processorCount > 0) }

  @Test(arguments: [
    (
      ["SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_COUNT": "8", "SLURM_ARRAY_TASK_MIN": "1"], 4, 8
    ),
    (
      [
        "SLURM_ARRAY_TASK_ID": "30", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "10",
        "SLURM_ARRAY_TASK_STEP": "10", "SLURM_PROCID": "0", "SLURM_NTASKS": "1",
      ], 2, 4
    ),
    (["SLURM_PROCID": "3", "SLURM_NTASKS": "4"], 3, 4),
  ])
  func `a task of a Slurm job knows its part`(environment: [String: String], index: Int, count: Int)
  {
    #expect(DatasetPart(slurm: environment) == DatasetPart(index: index, count: count))
  }

  @Test(arguments: [
    [:], ["SLURM_PROCID": "4", "SLURM_NTASKS": "4"],
    ["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "8", "SLURM_ARRAY_TASK_MIN": "1"],
  ])
  func `what is no part of a job is none`(environment: [String: String]) {
    #expect(DatasetPart(slurm: environment) == nil)
  }
}
