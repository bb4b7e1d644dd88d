import CLibc
import SecurityCore

/// Makes files and folders that were not there, for one owner and perhaps a group, and takes them back when a later step
/// fails. Nothing that exists is written or changed.
final class NewFiles {
    /// Who may read and write what is made.
    enum Access {
        /// The caller alone.
        case ownerOnly
        /// Root and a group: folders 0750 and 2770, the configuration 0640, the database 0660.
        case group(UInt32)
    }

    private let access: Access
    private var made: [(path: String, isFolder: Bool)] = []
    /// What was made, for people.
    private(set) var account: [String] = []

    init(access: Access) {
        self.access = access
    }

    /// Makes the folder of a file unless it is there; its own parent must be. `isShared`: the group may make files in it.
    func makeFolder(of path: String, isShared: Bool) throws {
        let folder = NewFiles.folder(of: path)
        let mode: UInt32
        switch access {
        case .ownerOnly: mode = 0o700
        case .group: mode = isShared ? 0o2770 : 0o750
        }
        // SAFETY: the text is NUL-terminated and lives through the call.
        guard unsafe folder.withCString({ unsafe mkdir($0, 0o700) }) == 0 else {
            if clibc_errno() == EEXIST { return }
            throw NewFiles.failure(folder)
        }
        made.append((folder, true))
        try settle(folder, mode)
    }

    /// Writes a new file. Where something of that name exists, a link that leads nowhere included, it fails.
    func write(_ text: borrowing Secret, to path: String) throws {
        // SAFETY: the text is NUL-terminated and lives through the call.
        let number = unsafe path.withCString { unsafe clibc_create($0, O_WRONLY | O_EXCL | O_NOFOLLOW, 0o600) }
        guard number >= 0 else { throw NewFiles.failure(path) }
        made.append((path, false))
        let descriptor = Descriptor(number)
        guard text.withBytes({ descriptor.write($0) }), fsync(number) == 0 else { throw NewFiles.failure(path) }
        try settle(path, configurationMode)
    }

    /// Takes over a database file that was just made.
    func adoptDatabase(_ path: String) throws {
        made.append((path, false))
        try settle(path, databaseMode)
    }

    private var configurationMode: UInt32 {
        if case .group = access { 0o640 } else { 0o600 }
    }

    private var databaseMode: UInt32 {
        if case .group = access { 0o660 } else { 0o600 }
    }

    /// Removes what was made, the last first.
    func takeBack() {
        for (path, isFolder) in made.reversed() {
            // SAFETY: the text is NUL-terminated and lives through the call.
            _ = unsafe path.withCString { unsafe isFolder ? rmdir($0) : unlink($0) }
        }
        made = []
    }

    /// Sets group and mode, in this order: a change of owner clears the set-gid bit.
    private func settle(_ path: String, _ mode: UInt32) throws {
        // SAFETY: the text is NUL-terminated and lives through the calls.
        try unsafe path.withCString { name in
            if case .group(let gid) = access {
                guard unsafe lchown(name, 0, gid) == 0 else { throw NewFiles.failure(path) }
            }
            guard unsafe chmod(name, mode) == 0 else { throw NewFiles.failure(path) }
        }
        account.append("\(path), mode \(String(mode, radix: 8))")
    }

    /// The folder part of an absolute path.
    static func folder(of path: String) -> String {
        guard let (folder, _) = ByteText(path).cutLast(at: 0x2F), !folder.isEmpty else { return "/" }
        return folder.string
    }

    /// Whether there is something of this name, a link that leads nowhere included.
    static func exists(_ path: String) -> Bool {
        var facts = stat()
        // SAFETY: the text is NUL-terminated, and `facts` lives through the call.
        return unsafe path.withCString { unsafe lstat($0, &facts) } == 0
    }

    private static func failure(_ path: String) -> CommandFailure {
        // SAFETY: strerror's text lives until its next call.
        let reason = unsafe strerror(clibc_errno()).map { unsafe String(cString: $0) } ?? "failed"
        return CommandFailure("\(path) cannot be made: \(reason)")
    }
}
