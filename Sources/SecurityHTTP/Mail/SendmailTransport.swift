import SecurityNetwork

/// Hands a message to the system's mailer: `PROGRAM -i -f SENDER -- RECIPIENT`, the message on standard input, as sendmail(8) and
/// everything that stands in for it take it. What became of it says the status (sysexits(3)).
struct SendmailTransport: Sendable {
    static let standard = "/usr/sbin/sendmail"

    let program: String

    func send(_ message: [UInt8], from sender: String, to recipient: String) throws(DeliveryFailure) {
        let mailer = ExternalProgram(path: program)
        let end = try mailer.run(["-i", "-f", sender, "--", recipient], input: message.withUnixLines)
        guard end.status != 0 else { return }
        throw DeliveryFailure(mailer, end)
    }
}
