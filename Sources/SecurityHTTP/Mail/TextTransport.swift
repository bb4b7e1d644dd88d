import CLibc
import Foundation
import SecurityCore
import SecurityNetwork
import SecurityTokens

/// How text messages leave (SECURITY_SMS_SERVICE, SECURITY_SMS_SERVICE_CONFIG).
///
/// | service | entries | how |
/// | --- | --- | --- |
/// | `Dummy` | | not at all |
/// | `Twilio` | ACCOUNT_SID, AUTH_TOKEN, URL | by Twilio's API |
/// | `file` | PATH | a line of JSON each at the end of a file, for development |
/// | `command` | COMMAND | to a program with the number as its argument and the text on standard input |
///
/// PHONE_NUMBER is the sender's.
struct TextTransport: Sendable {
    private enum Way: Sendable {
        case none
        case twilio(TwilioTransport)
        case file(String)
        case command(ExternalProgram)
    }

    private static let service = "SECURITY_SMS_SERVICE"
    private static let entries = "SECURITY_SMS_SERVICE_CONFIG"

    private let way: Way
    /// The number that messages come from.
    let sender: String

    /// Throws ``InvalidConfiguration``.
    init(_ settings: Settings) throws {
        sender = settings.text(TextTransport.entries, entry: "PHONE_NUMBER") ?? ""
        switch settings.text(TextTransport.service) {
        case nil, "Dummy": way = .none
        case "Twilio": way = .twilio(try TextTransport.twilio(settings))
        case "file": way = .file(try TextTransport.path("PATH", settings))
        case "command": way = .command(ExternalProgram(path: try TextTransport.path("COMMAND", settings)))
        default:
            throw InvalidConfiguration(
                TextTransport.service, "is none of \"Dummy\", \"Twilio\", \"file\" and \"command\"")
        }
    }

    private static func twilio(_ settings: Settings) throws -> TwilioTransport {
        guard let account = settings.text(entries, entry: "ACCOUNT_SID"),
            let token = settings.secret(entries, entry: "AUTH_TOKEN")
        else { throw InvalidConfiguration(entries, "needs ACCOUNT_SID and AUTH_TOKEN for \(service) = \"Twilio\"") }
        let url = settings.text(entries, entry: "URL") ?? TwilioTransport.standard
        // The token would travel in the clear.
        guard ["https://", "http://127.0.0.1:", "http://[::1]:"].contains(where: ByteText(url).has(prefix:)) else {
            throw InvalidConfiguration(entries, "has a URL that is not https")
        }
        return TwilioTransport(account: account, token: token, url: url)
    }

    private static func path(_ entry: String, _ settings: Settings) throws -> String {
        guard let path = settings.text(entries, entry: entry), ByteText(path).has(prefix: "/") else {
            throw InvalidConfiguration(entries, "needs \(entry), an absolute path")
        }
        return path
    }

    /// Sends `text`, UTF-8, from one number to another, both with their country codes.
    func send(_ text: [UInt8], from sender: String, to recipient: String) throws(DeliveryFailure) {
        switch way {
        case .none: return
        case .twilio(let transport): try transport.send(text, from: sender, to: recipient)
        case .file(let path): try append(text, from: sender, to: recipient, at: path)
        case .command(let program):
            let end = try program.run([recipient], input: text)
            guard end.status != 0 else { return }
            throw DeliveryFailure(program, end)
        }
    }

    private func append(
        _ text: [UInt8], from sender: String, to recipient: String, at path: String
    ) throws(DeliveryFailure) {
        let line = JSONWriter.write(
            .object([
                JSONMember("from", .text(sender)), JSONMember("to", .text(recipient)),
                JSONMember("body", .text(String(decoding: text, as: UTF8.self))),
            ]), .itsdangerous)
        // SAFETY: the path is lent for the call.
        let descriptor = unsafe clibc_create(path, O_WRONLY | O_APPEND, 0o600)
        guard descriptor >= 0 else {
            throw DeliveryFailure(reason: "\(path) cannot be written: \(POSIXError.last)", isFinal: false)
        }
        do {
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            // In one piece: other processes write to the same file.
            try file.write(contentsOf: Data(line.bytes + [0x0A]))
        } catch {
            throw DeliveryFailure(reason: "\(path) cannot be written: \(error.localizedDescription)", isFinal: false)
        }
    }
}

extension POSIXError {
    /// What errno says, for people.
    fileprivate static var last: String {
        POSIXErrorCode(rawValue: clibc_errno()).map { POSIXError($0).localizedDescription } ?? "error \(clibc_errno())"
    }
}
