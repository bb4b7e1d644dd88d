import ArgumentParser

/// `securityctl breached`.
struct BreachedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "breached", abstract: "Look passwords up among breached ones, and make filters of them.",
        subcommands: [BreachedLookUp.self, BreachedBuild.self, BreachedInfo.self])
}
