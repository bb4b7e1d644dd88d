import Foundation

@testable import SecurityCore

/// Tests/Vectors/totp.json: what Flask-Security 5.0.2 with passlib 1.7.4 makes.
struct OneTimeCodesVectors: Decodable {
    struct Wallet: Decodable {
        let label: String
        let secrets: [String: String]
        let storedJson: String
        let keyHex: String
    }
    struct Code: Decodable {
        let keyHex: String
        let time: Int64
        let counter: Int64
        let code: String
    }
    struct Window: Decodable {
        let now: Int64
        let windowSeconds: Int64
        let acceptedStepsFromNow: [Int64]
        let numberAccepted: Int
    }
    struct URI: Decodable {
        let issuer: String
        let username: String
        let keyHex: String?
        let uri: String?
        let prettyKey: String?
        let error: String?
    }
    struct WalletSource: Decodable {
        let source: String
        let result: String
        let digits: Int?
        let alg: String?
        let period: Int64?
    }

    /// What somebody entered; nil where it was no text (a JSON list, an object, null).
    struct Entered: Decodable {
        let now: Int64
        let entered: String?
        let isAccepted: Bool

        enum Key: CodingKey { case now, entered, result }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            now = try values.decode(Int64.self, forKey: .now)
            let number = try? values.decode(Int.self, forKey: .entered)
            entered = (try? values.decode(String.self, forKey: .entered)) ?? number.map { String($0) }
            // A text is the error that Python ended with.
            isAccepted = (try? values.decode(Bool.self, forKey: .result)) ?? false
        }
    }
    struct DefaultTag: Decodable {
        let tags: [String]
        let defaultTag: String

        enum Key: CodingKey { case tags, defaultTag }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            defaultTag = try values.decode(String.self, forKey: .defaultTag)
            tags =
                try (try? values.decode([Int].self, forKey: .tags).map { String($0) })
                ?? values.decode([String].self, forKey: .tags)
        }
    }
    struct RecoveryCodes: Decodable {
        let sample: [String]
        let asStoredIn50: String
    }

    let wallet: [Wallet]
    let codes: [Code]
    let windows: [Window]
    let uri: [URI]
    let walletErrors: [WalletSource]
    let normalizeToken: [Entered]
    let defaultTag: [DefaultTag]
    let recoveryCodes: RecoveryCodes

    static let all: OneTimeCodesVectors = .read("totp.json")
}

extension SharedSecret {
    /// The key that hex digits say.
    static func hex(_ digits: String) -> SharedSecret {
        SharedSecret(Secret(utf8: digits).withBytes { Hex.decode($0) } ?? Secret(utf8: ""))
    }

    /// The bytes as text, for comparison with a vector.
    func text() -> String { withBytes { Secret(copying: $0) }.text() }
}

extension TOTPSecrets {
    convenience init(_ secrets: [String: String]) {
        self.init(secrets.map { (tag: $0.key, secret: SharedSecret(utf8: $0.value)) })
    }
}

extension TOTPWallet {
    func open(text: String) throws(WalletError) -> TOTP {
        try Secret(utf8: text).withBytes { (bytes) throws(WalletError) in try open(bytes) }
    }
}
