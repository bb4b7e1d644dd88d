/// Flask-Security's freshness rule as a pure function (behaviour: freshness).
public enum Freshness {
}
