import TestSupport
import Testing

@testable import VAECodec

/// What control groups leave of memory, in folders made up like those of the system.
@Suite struct ControlGroupsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What the groups of a process leave it.
  private func available(_ membership: String) -> Int? {
    ControlGroups(membership: membership, root: folder.path).availableByteCount
  }

  private func write(_ files: [String: String]) throws {
    for (name, text) in files { try folder.write(Array("\(text)\n".utf8), to: name) }
  }

  @Test func `the least that a group or one above it leaves is left`() throws {
    try write([
      "a/memory.max": "1000", "a/memory.current": "300",
      "a/b/memory.max": "900", "a/b/memory.current": "100",
      "a/b/c/memory.max": "max", "a/b/c/memory.current": "50",
    ])
    #expect(available("0::/a/b/c\n") == 700)
    #expect(available("0::/a/b\n") == 700)
    try write(["a/b/memory.current": "500"])
    #expect(available("0::/a/b/c\n") == 400)
    #expect(available("0::/other\n") == nil)
    #expect(available("0::/\n") == nil)
  }

  @Test func `pages of files that the system takes back are free`() throws {
    try write([
      "memory.max": "1000", "memory.current": "900",
      "memory.stat": "anon 300\ninactive_file 500\nactive_file 100",
      "memory/memory.limit_in_bytes": "2000", "memory/memory.usage_in_bytes": "1900",
      "memory/memory.stat": "inactive_file 1\ntotal_inactive_file 1000",
    ])
    #expect(available("0::/\n") == 600)
    #expect(available("4:memory:/\n") == 1100)
  }

  @Test func `in a namespace of its own the group is the root`() throws {
    try write(["memory.max": "1000", "memory.current": "1200"])
    for membership in ["0::/\n", "0::/../outside\n", "0::/not/mounted\n"] {
      #expect(available(membership) == 0, "\(membership)")
    }
  }

  @Test func `a group of version 1 is that of the memory controller`() throws {
    try write([
      "memory/memory.limit_in_bytes": "9223372036854771712",
      "memory/memory.usage_in_bytes": "5000",
      "memory/a/memory.limit_in_bytes": "2000", "memory/a/memory.usage_in_bytes": "500",
      "cpu/a/memory.limit_in_bytes": "10", "cpu/a/memory.usage_in_bytes": "5",
    ])
    #expect(available("5:cpu:/a\n4:hugetlb,memory:/a/b:c\n1:name=systemd:/a\n0::/a\n") == 1500)
    #expect(available("5:cpu:/a\n") == nil)
  }

  @Test func `text of another kind means nothing`() throws {
    try write(["memory.max": "x", "memory.current": "1"])
    for membership in ["", "\n", "0", "0::", "::/", "memory"] {
      #expect(available(membership) == nil, "\(membership)")
    }
  }
}
