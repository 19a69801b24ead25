import FoundationEssentials

/// Programs of this machine that some tests run, and are left out without.
enum InstalledProgram {
  /// Whether every one of `names` is in a folder of PATH.
  static func areThere(_ names: String...) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.allSatisfy { name in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
  }
}
