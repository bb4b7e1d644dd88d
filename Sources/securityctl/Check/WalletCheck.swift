import SecurityCore
import SecurityStore

/// Looks for stored TOTP secrets that do not open, so that no code of them is ever right.
///
/// Opens each one, which costs milliseconds; what it says names account, column and reason, and no secret.
struct WalletCheck {
    let site: Site

    private static let page = 100

    /// One line for each such secret, in the order of the accounts' ids.
    func problems() throws -> [String] {
        var problems: [String] = []
        var last: Int64 = 0
        while true {
            let records = try site.store.accountRecords(after: last, count: WalletCheck.page)
            for record in records {
                last = record.id
                if let account = try site.store.account(id: record.id) { problems += self.problems(of: account) }
            }
            if records.count < WalletCheck.page { return problems }
        }
    }

    private func problems(of account: Account) -> [String] {
        var problems: [String] = []
        if let stored = account.totpWallet, let flaw = flaw(of: stored) {
            problems.append(line(account, "tf_totp_secret", flaw.description))
        }
        guard let column = account.unifiedSecrets else { return problems }
        guard let unified = UnifiedSecrets(column) else {
            return problems + [line(account, "us_totp_secrets", "is no JSON object of wallets by method")]
        }
        for method in unified.methods {
            if let flaw = self.flaw(of: unified.wallet(of: method)) {
                problems.append(line(account, "us_totp_secrets, \(method)", flaw.description))
            }
        }
        return problems
    }

    private func flaw(of stored: SharedSecret?) -> WalletError? {
        guard let stored else { return .malformed }
        let wallet = TOTPWallet(secrets: site.policy.secrets.totpSecrets, cost: site.policy.totp.walletCost)
        do throws(WalletError) {
            _ = try stored.withBytes { (bytes) throws(WalletError) in try wallet.open(bytes) }
            return nil
        } catch {
            return error
        }
    }

    private func line(_ account: Account, _ place: String, _ flaw: String) -> String {
        "the TOTP secret of user \(account.email.printable) (\(place.printable)) \(flaw)"
    }
}
