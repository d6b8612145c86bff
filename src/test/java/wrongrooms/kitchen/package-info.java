@ApplicationModule(allowedDependencies = {})
package wrongrooms.kitchen;

import org.springframework.modulith.ApplicationModule;
