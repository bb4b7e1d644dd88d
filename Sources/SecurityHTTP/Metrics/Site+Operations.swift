public import SecurityCore
import SecurityStore

extension Site {
    /// The path of a request as a name that no request can choose: what the route table has of it, `{token}` in place of a token, and
    /// `other` for what leads nowhere.
    public func routeTemplate(of rawPath: String) -> String {
        let path = RequestPath(decoding: ByteText(rawPath))
        if path == Site.healthPath { return Site.healthPath.string }
        if path == stylesheetPath { return stylesheetPath.string }
        return routes.template(of: path) ?? "other"
    }

    /// Whether the account database can be read: throws when it cannot.
    public func probe() throws(StoreError) {
        _ = try openedStore()
    }

    private func openedStore() throws(StoreError) -> any AccountDirectory {
        let store = try StoreFactory.open(policy.database, by: .program)
        _ = try store.account(id: 0)
        return store
    }

    /// What can be counted in the database.
    public var databaseFamilies: [MetricFamily] {
        let state: OutboxState?
        do {
            state = try openedStore().outboxState()
        } catch {
            state = nil
        }
        let up = MetricFamily(
            "securityd_database_up", .gauge, "Whether the account database can be read.", [.init(state == nil ? 0 : 1)])
        guard let state else { return [up] }
        let age = state.oldest.map { max(0, environment.now().seconds - $0.seconds) } ?? 0
        return [
            up,
            MetricFamily(
                "securityd_outbox_mails", .gauge,
                "Mails and text messages in the outbox: waiting for their turn, or given up.",
                [
                    .init(state.waiting, [.init("state", "waiting")]),
                    .init(state.givenUp, [.init("state", "given-up")]),
                ]),
            MetricFamily(
                "securityd_outbox_oldest_seconds", .gauge, "Age of the message that waits longest; 0 when none does.",
                [.init(Double(age))]),
        ]
    }
}
