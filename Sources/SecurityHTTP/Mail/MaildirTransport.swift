import CLibc
import Foundation
import SecurityCore
import SecurityNetwork

/// Writes messages into a Maildir (maildir(5)): whole in `tmp`, on disk, then moved to `new`. The folders are made, for their
/// owner alone: mails may hold links that sign in.
struct MaildirTransport: Sendable {
    let folder: String

    func send(_ message: [UInt8]) throws(DeliveryFailure) {
        do {
            let files = FileManager.default
            let owner: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            for part in ["tmp", "new", "cur"] {
                try files.createDirectory(
                    atPath: "\(folder)/\(part)", withIntermediateDirectories: true, attributes: owner)
            }
            let name = try newName()
            let path = "\(folder)/tmp/\(name)"
            guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
                let file = FileHandle(forWritingAtPath: path)
            else { throw CocoaError(.fileWriteUnknown) }
            try file.write(contentsOf: message.withUnixLines)
            try file.synchronize()
            try file.close()
            try files.moveItem(atPath: path, toPath: "\(folder)/new/\(name)")
        } catch {
            throw DeliveryFailure(
                reason: "the mail cannot be written below \(folder): \(error.localizedDescription)", isFinal: false)
        }
    }

    /// A name that no other message has, of any process or machine.
    private func newName() throws -> String {
        let environment = Environment.system
        guard let random = environment.random(8) else { throw SiteError.noRandomness }
        let now = environment.now()
        return "\(now.seconds).P\(getpid())R\(random.withBytes { Hex.text($0) }).localhost"
    }
}
