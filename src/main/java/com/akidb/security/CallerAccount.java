package com.akidb.security;

import com.akidb.account.Account;
import com.akidb.account.RequestKey;
import com.akidb.account.Rights;
import com.akidb.error.AkidbException;
import org.jspecify.annotations.Nullable;

/** The account of who makes a request: asks the {@link Quota}, and keeps for the audit log how many rows were changed. */
public final class CallerAccount implements Account {

    private final Quota quota;
    private final Caller caller;
    private final String route;
    private volatile @Nullable Long rows;
    private volatile @Nullable RequestKey requestKey;

    CallerAccount(Quota quota, Caller caller, String route) {
        this.quota = quota;
        this.caller = caller;
        this.route = route;
    }

    public Caller caller() {
        return caller;
    }

    /** As {@link Quota#charge} is told it. */
    public String route() {
        return route;
    }

    /** How many rows or documents the request changed, or would have changed if it failed; null if none that are known. */
    public @Nullable Long rows() {
        return rows;
    }

    /** Has what the request writes happen once. */
    public void requestKey(RequestKey key) {
        requestKey = key;
    }

    @Override
    public Rights rights() {
        return caller.rights();
    }

    @Override
    public @Nullable RequestKey requestKey() {
        return requestKey;
    }

    @Override
    public void chargeTexts(long texts) {
        charge(Quota.Unit.TEXTS, texts);
    }

    @Override
    public void chargeRows(long added) {
        rows = added;
        charge(Quota.Unit.ROWS, added);
    }

    @Override
    public void updatedRows(long updated) {
        rows = updated;
        try {
            charge(Quota.Unit.ROWS, updated);
        } catch (AkidbException tooLate) {
            // They are written; the next request hears of it.
        }
    }

    @Override
    public void deletedRows(long deleted) {
        rows = deleted;
    }

    private void charge(Quota.Unit unit, long amount) {
        if (amount > 0) {
            quota.charge(caller, route, unit, amount);
        }
    }
}
