package dev.weft.meta.check;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckStatus.Phase;

/** Hears what a check looks at and finds. A method that takes long, as nobody takes the findings, makes the check wait. */
public interface Report {
    /** A phase has begun. */
    void phase(Phase phase);

    /** One more thing has been looked at. */
    void looked() throws InterruptedException;

    void found(CheckFinding finding) throws InterruptedException;
}
