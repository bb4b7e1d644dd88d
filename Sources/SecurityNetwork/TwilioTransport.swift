public import SecurityCore

/// Hands text messages to Twilio (https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource).
public struct TwilioTransport: Sendable {
    /// Twilio's own address.
    public static let standard = "https://api.twilio.com"

    private let account: String
    private let token: SharedText
    private let url: String

    /// An account's SID and its token, at Twilio or at what stands in for it.
    public init(account: String, token: SharedSecret, url: String = standard) {
        self.account = account
        self.token = SharedText(token)
        self.url = url
    }

    /// Sends `text`, UTF-8, from one number to another, both with their country codes. A refusal is final when Twilio does not
    /// take this message (400), such as to a number that is none.
    public func send(_ text: [UInt8], from sender: String, to recipient: String) throws(DeliveryFailure) {
        var request = HTTPRequest(
            url: "\(url)/2010-04-01/Accounts/\(TwilioTransport.encoded(account.utf8))/Messages.json")
        request.form = [("From", Array(sender.utf8)), ("To", Array(recipient.utf8)), ("Body", text)]
            .map { "\($0.0)=\(TwilioTransport.encoded($0.1))" }.joined(separator: "&")
        request.credentials = (account, token)
        let answer: HTTPRequest.Answer
        do throws(HTTPRequest.Failure) {
            answer = try request.send()
        } catch {
            switch error {
            case .transport(let reason): throw DeliveryFailure(reason: "Twilio: \(reason)", isFinal: false)
            case .tooLong: throw DeliveryFailure(reason: "Twilio: the answer is too long", isFinal: false)
            }
        }
        guard !(200..<300).contains(answer.status) else { return }
        throw DeliveryFailure(reason: "Twilio: status \(answer.status)", isFinal: answer.status == 400)
    }

    /// RFC 3986 section 2.3: everything but the unreserved characters in hexadecimal.
    private static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
            default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
