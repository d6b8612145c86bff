package wrongrooms.cellar.hidden;

import org.springframework.stereotype.Component;

/** Belongs to the cellar alone. */
@Component
public class Wine {}
