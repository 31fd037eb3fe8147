"""What is kept between two starts: environments, secrets, the form, and where the files stand."""
