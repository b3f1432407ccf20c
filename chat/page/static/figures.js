// Searches as soon as a choice is made, so that the button is needed for the typed word only.
const finder = document.querySelector(".finder");
for (const choice of finder.querySelectorAll("select")) {
  choice.addEventListener("change", () => finder.requestSubmit());
}
finder.addEventListener("submit", () => { // an address without empty conditions can be read and shared
  for (const field of finder.elements) if (field.name && !field.value) field.disabled = true;
});
addEventListener("pageshow", () => { for (const field of finder.elements) field.disabled = false; });
