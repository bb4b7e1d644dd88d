import CLibc
import SecurityCore

/// Follows a configured path to the file itself, link by link (``DatabaseFile``, requirement 1).
@safe
struct PathResolution {
    /// As many links as Linux follows.
    private static let mostLinks = 40

    private let configured: String
    /// The folder so far, absolute and without a link; empty for the root.
    private var done: [UInt8] = []
    /// The components that are still to follow, the next one last.
    private var pending: [[UInt8]] = []
    private var links = 0

    init(_ configured: String) {
        self.configured = configured
        push(Array(PolicyFile.absolute(configured).utf8))
    }

    /// The path without links.
    consuming func resolved() throws(StoreError) -> String {
        while let component = pending.popLast() { try follow(component) }
        guard !done.isEmpty else { throw .untrusted(.notRegular(path: configured)) }
        return String(decoding: done, as: UTF8.self)
    }

    private mutating func push(_ path: [UInt8]) {
        for component in path.split(separator: 0x2F).reversed() where component != [0x2E] {
            pending.append(Array(component))
        }
    }

    private mutating func follow(_ component: [UInt8]) throws(StoreError) {
        guard component != [0x2E, 0x2E] else {
            done = Array(done[..<(done.lastIndex(of: 0x2F) ?? 0)])
            return
        }
        let candidate = String(decoding: done + [0x2F] + component, as: UTF8.self)
        guard let facts = FileFacts(link: candidate) else { throw DatabaseFile.error(clibc_errno(), configured) }
        guard facts.isLink else {
            done = Array(candidate.utf8)
            return
        }
        links += 1
        guard links <= PathResolution.mostLinks else { throw .untrusted(.tooManyLinks(path: configured)) }
        let folder = FileFacts(link: done.isEmpty ? "/" : String(decoding: done, as: UTF8.self))
        guard facts.isOwn, let folder, folder.isOwn, folder.isWrittenByOwner else {
            throw .untrusted(.foreignLink(path: candidate))
        }
        let target = try target(of: candidate)
        if target.first == 0x2F { done = [] }
        push(target)
    }

    private func target(of link: String) throws(StoreError) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: 4096)
        // SAFETY: the path is lent for the call, which writes at most as many bytes as there are.
        let count = unsafe target.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return -1 }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                unsafe readlink(link, $0, bytes.count)
            }
        }
        guard count > 0, count < target.count else { throw DatabaseFile.error(clibc_errno(), configured) }
        return Array(target[..<count])
    }
}
