import ArgumentParser
import CLibc
import SecurityCore
import SecurityStore

/// `securityctl check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the account database: its tables, indexes, owner, modes and TOTP secrets.",
        discussion: "Nothing is changed. Problems give exit status 1; a database that cannot be opened gives 4.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions

    func run() throws {
        let output = Output()
        let site = try Site(site)
        guard case .sqlite(let path) = site.policy.database else { throw StoreError.unsupported(scheme: "postgresql") }
        let problems =
            try DatabaseFiles(path: path).problems + indexProblems(site) + programProblems(site)
            + WalletCheck(site: site).problems()
        if format.isJSON {
            output.json(.object([("database", .string(path)), ("problems", .strings(problems))]))
        } else {
            output.line("Database \(path): Flask-Security's tables are there.")
            for problem in problems { output.line("Problem: " + problem) }
        }
        try output.flush()
        guard problems.isEmpty else { throw CommandFailure("\(path) has problems: \(problems.count)") }
    }

    private func programProblems(_ site: Site) throws -> [String] {
        try site.store.foreignPrograms().map { program in
            "logins on hosts and securityctl as root do not run the \(program.printable): what it does must not depend on them"
        }
    }

    private func indexProblems(_ site: Site) throws -> [String] {
        try site.store.missingIndexes().map { statement in
            "an index is missing, so that look-ups read every account; make it with: \(statement);"
        }
    }
}

/// What the file system says of a database.
struct DatabaseFiles {
    let path: String

    /// Everything that would let others read or replace accounts, or keep our programs from working.
    var problems: [String] {
        let folder = NewFiles.folder(of: path)
        var problems: [String] = []
        // SQLite gives its journal the mode of the database; the journal is looked at where only it is open.
        let exposed = [path, path + "-wal", path + "-shm"].first { (FileFacts($0)?.mode ?? 0) & 0o007 != 0 }
        if let exposed {
            problems.append("everybody has access to \(exposed), which holds password hashes: chmod o= \(exposed)")
        }
        if let database = FileFacts(path), let folder = FileFacts(folder), database.isGroupWritable,
            !folder.isGroupWritable
        {
            problems.append(
                "the group may write \(path) but not its folder, where SQLite makes its journal:"
                    + " chmod g+ws \(NewFiles.folder(of: path))")
        }
        return problems
    }

    private struct FileFacts {
        let mode: UInt32

        /// Nil when there is no such file.
        init?(_ path: String) {
            var facts = stat()
            // SAFETY: the text is NUL-terminated, and `facts` lives through the call.
            guard unsafe path.withCString({ unsafe stat($0, &facts) }) == 0 else { return nil }
            mode = facts.st_mode
        }

        var isGroupWritable: Bool { mode & 0o020 != 0 }
    }
}
